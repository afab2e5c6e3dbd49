import GRDB
import GuardianCore

extension Catalogue {
    /// Returns how many events of each label began in each hour from `from` on; hours without events are left out.
    public func hours(from: Timestamp, to: Timestamp) async throws -> [EventHour] {
        try await store.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT label, (started_at - ?1) / 3600000 AS hour, count(*) AS count
                    FROM events INDEXED BY events_by_time WHERE started_at >= ?1 AND started_at < ?2
                    GROUP BY label, hour ORDER BY label, hour
                    """, arguments: [from.milliseconds, to.milliseconds])
            return rows.compactMap { row in
                guard let label = Label(row["label"]) else { return nil }
                return EventHour(label: label, hour: row["hour"], count: row["count"])
            }
        }
    }
}
