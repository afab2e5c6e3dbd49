import Foundation
import GRDB
import GuardianCore

/// Reads and writes sessions.
enum SessionRows {
    static func insert(_ session: Session, secret: Hash256, idleLimit: Duration, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO sessions (id, account, secret, remembered, created_at, last_seen_at, idle_limit, ends_at,
                    address, agent)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                session.id.uuid, session.account.uuid, Data(secret.bytes), session.isRemembered,
                session.createdAt.milliseconds, session.lastSeenAt.milliseconds, idleLimit.milliseconds,
                session.endsAt.milliseconds, session.address, session.agent,
            ])
    }

    /// Returns the session of a secret, unless it has ended.
    static func find(secret: Hash256, at now: Timestamp, in database: Database) throws -> Session? {
        let row = try Row.fetchOne(
            database, sql: "SELECT * FROM sessions WHERE secret = ?", arguments: [Data(secret.bytes)])
        return row.map(session).flatMap { $0.isOpen(at: now) ? $0 : nil }
    }

    static func find(_ id: SessionID, at now: Timestamp, in database: Database) throws -> Session? {
        let row = try Row.fetchOne(database, sql: "SELECT * FROM sessions WHERE id = ?", arguments: [id.uuid])
        return row.map(session).flatMap { $0.isOpen(at: now) ? $0 : nil }
    }

    /// Returns an account's sessions that have not ended, the last used first.
    static func all(of account: AccountID, at now: Timestamp, in database: Database) throws -> [Session] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM sessions WHERE account = ? ORDER BY last_seen_at DESC, id DESC",
            arguments: [account.uuid]
        ).map(session).filter { $0.isOpen(at: now) }
    }

    static func see(_ id: SessionID, at now: Timestamp, from origin: RequestOrigin?, in database: Database) throws {
        try database.execute(
            sql: """
                UPDATE sessions SET last_seen_at = max(last_seen_at, ?), address = coalesce(?, address),
                    agent = coalesce(?, agent) WHERE id = ?
                """, arguments: [now.milliseconds, origin?.address.text, origin?.agent, id.uuid])
    }

    static func renew(_ id: SessionID, secret: Hash256, in database: Database) throws {
        try database.execute(
            sql: "UPDATE sessions SET secret = ? WHERE id = ?", arguments: [Data(secret.bytes), id.uuid])
    }

    /// Returns whether there was one.
    static func delete(_ id: SessionID, in database: Database) throws -> Bool {
        try database.execute(sql: "DELETE FROM sessions WHERE id = ?", arguments: [id.uuid])
        return database.changesCount > 0
    }

    /// Returns how many there were.
    @discardableResult
    static func deleteAll(of account: AccountID, except kept: SessionID? = nil, in database: Database) throws -> Int {
        try database.execute(
            sql: "DELETE FROM sessions WHERE account = ? AND id IS NOT ?", arguments: [account.uuid, kept?.uuid])
        return database.changesCount
    }

    static func deleteEnded(at now: Timestamp, in database: Database) throws {
        try database.execute(
            sql: "DELETE FROM sessions WHERE ends_at <= ?1 OR last_seen_at + idle_limit <= ?1",
            arguments: [now.milliseconds])
    }

    /// Ends those that were not used for longest, so that at most `count` are left.
    static func keepNewest(_ count: Int, of account: AccountID, in database: Database) throws {
        try database.execute(
            sql: """
                DELETE FROM sessions WHERE id IN (
                    SELECT id FROM sessions WHERE account = ? ORDER BY last_seen_at DESC, id DESC LIMIT -1 OFFSET ?)
                """, arguments: [account.uuid, count])
    }

    private static func session(_ row: Row) -> Session {
        let seen = Timestamp(milliseconds: row["last_seen_at"])
        return Session(
            id: SessionID(row["id"] as UUID), account: AccountID(row["account"] as UUID),
            isRemembered: row["remembered"], createdAt: Timestamp(milliseconds: row["created_at"]), lastSeenAt: seen,
            idleEndsAt: seen + (row["idle_limit"] as Int64), endsAt: Timestamp(milliseconds: row["ends_at"]),
            address: row["address"], agent: row["agent"])
    }
}

extension Session {
    func isOpen(at now: Timestamp) -> Bool { now < idleEndsAt && now < endsAt }
}
