import GRDB
import GuardianCore

extension TelemetryStore {
    /// Rows that one transaction deletes at most, so that none takes long.
    static let expiryLimit = 5_000

    /// Deletes steps that are older than their level is kept, seconds that no sample may have any more, and series without steps.
    /// Call until it returns `false`.
    public func expire() async throws -> Bool {
        let now = clock.now()
        return try await store.write { database in
            var deleted = 0
            for level in RollupLevel.allCases {
                // The primary key begins with level and series.
                try database.execute(
                    sql: """
                        DELETE FROM rollups WHERE (level, series, start) IN (
                            SELECT level, series, start FROM rollups
                            WHERE level = ?1 AND series IN (SELECT id FROM series) AND start < ?2 LIMIT ?3)
                        """,
                    arguments: [
                        level.rawValue, (now + -level.retention + -level.step).milliseconds, Self.expiryLimit - deleted,
                    ])
                deleted += database.changesCount
            }
            let oldest = now + -TelemetryLimits.age.milliseconds
            try database.execute(
                sql: """
                    DELETE FROM received WHERE (device, second) IN (
                        SELECT device, second FROM received WHERE second < ? LIMIT ?)
                    """, arguments: [oldest.milliseconds / 1000 - 1, Self.expiryLimit - deleted])
            deleted += database.changesCount
            try database.execute(
                sql: """
                    DELETE FROM series WHERE NOT EXISTS (SELECT 1 FROM rollups WHERE level = ? AND series = series.id)
                    """, arguments: [RollupLevel.hour.rawValue])
            return deleted >= Self.expiryLimit
        }
    }
}
