import Foundation
import GRDB
import GuardianCore

/// The digest of the setup's secret.
enum SetupRows {
    static func secret(in database: Database) throws -> Hash256? {
        try Data.fetchOne(database, sql: "SELECT secret FROM setup").flatMap { Hash256(bytes: $0) }
    }

    static func setSecret(_ digest: Hash256, at now: Timestamp, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO setup (id, secret, created_at) VALUES (1, ?, ?)",
            arguments: [Data(digest.bytes), now.milliseconds])
    }

    static func delete(in database: Database) throws { try database.execute(sql: "DELETE FROM setup") }
}
