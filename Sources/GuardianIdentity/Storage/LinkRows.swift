import Foundation
import GRDB
import GuardianCore

/// Reads and writes the digests of login links: one an account.
enum LinkRows {
    static func set(
        _ digest: Hash256, for account: AccountID, from start: Timestamp, until end: Timestamp, in database: Database
    ) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO login_links (account, secret, created_at, ends_at) VALUES (?, ?, ?, ?)",
            arguments: [account.uuid, Data(digest.bytes), start.milliseconds, end.milliseconds])
    }

    /// Uses up a link. Returns whose it was; `nil` when there is none or it has ended.
    static func use(_ digest: Hash256, at now: Timestamp, in database: Database) throws -> AccountID? {
        let row = try Row.fetchOne(
            database, sql: "DELETE FROM login_links WHERE secret = ? RETURNING account, ends_at",
            arguments: [Data(digest.bytes)])
        guard let row, now < Timestamp(milliseconds: row["ends_at"]) else { return nil }
        return AccountID(row["account"] as UUID)
    }

    static func delete(of account: AccountID, in database: Database) throws {
        try database.execute(sql: "DELETE FROM login_links WHERE account = ?", arguments: [account.uuid])
    }

    static func deleteEnded(at now: Timestamp, in database: Database) throws {
        try database.execute(sql: "DELETE FROM login_links WHERE ends_at <= ?", arguments: [now.milliseconds])
    }
}
