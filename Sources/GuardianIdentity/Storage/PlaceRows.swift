import GRDB
import GuardianCore

/// Places from which accounts were logged in to.
enum PlaceRows {
    static func isKnown(
        _ place: ClientAddress, to account: AccountID, since: Timestamp, in database: Database
    ) throws -> Bool {
        try Int.fetchOne(
            database, sql: "SELECT 1 FROM known_places WHERE account = ? AND place = ? AND seen_at >= ?",
            arguments: [account.uuid, place.place, since.milliseconds]) != nil
    }

    static func see(
        _ place: ClientAddress, by account: AccountID, at now: Timestamp, keeping count: Int, in database: Database
    ) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO known_places (account, place, seen_at) VALUES (?, ?, ?)",
            arguments: [account.uuid, place.place, now.milliseconds])
        try database.execute(
            sql: """
                DELETE FROM known_places WHERE account = ?1 AND place IN (
                    SELECT place FROM known_places WHERE account = ?1 ORDER BY seen_at DESC, place LIMIT -1 OFFSET ?2)
                """, arguments: [account.uuid, count])
    }

    static func deleteOld(before time: Timestamp, in database: Database) throws {
        try database.execute(sql: "DELETE FROM known_places WHERE seen_at < ?", arguments: [time.milliseconds])
    }
}
