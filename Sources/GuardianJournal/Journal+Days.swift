import GRDB
import GuardianCore

extension Journal {
    /// Milliseconds of a day.
    private static let day: Int64 = 86_400_000

    /// Notes how far the journal is at a time that is believed, once for each day (of UTC): entries that are written from now on are
    /// younger, whatever date a wrong clock gives to what they are about.
    ///
    /// - Throws: what writing to the database throws.
    package func noteBelieved(_ time: Timestamp) async throws {
        let midnight = time.milliseconds - (time.milliseconds % Self.day + Self.day) % Self.day
        let position = position
        let isKnown = try await store.read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM believed_days WHERE at >= ?)", arguments: [midnight])
        }
        guard isKnown != true else { return }
        try await store.write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO believed_days (at, position) VALUES (?, ?)",
                arguments: [time.milliseconds, position])
        }
    }
}
