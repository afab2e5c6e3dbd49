import Foundation
import GRDB
import GuardianCore

/// Reads and writes tokens.
enum TokenRows {
    static func insert(_ token: Token, secret: Hash256, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO tokens (id, account, maker, parent, name, secret, scope, all_cameras, created_at, ends_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                token.id.uuid, token.account.uuid, token.maker?.uuid, token.parent?.uuid, token.name,
                Data(secret.bytes),
                token.scope.map(\.rawValue).sorted().joined(separator: " "), token.cameras == .all,
                token.createdAt.milliseconds, token.endsAt?.milliseconds,
            ])
        guard case .only(let cameras) = token.cameras else { return }
        for camera in cameras {
            try database.execute(
                sql: "INSERT INTO token_cameras (token, camera) VALUES (?, ?)",
                arguments: [token.id.uuid, camera.uuid])
        }
    }

    /// Returns the token of a secret, unless it has expired.
    static func find(secret: Hash256, at now: Timestamp, in database: Database) throws -> Token? {
        let row = try Row.fetchOne(
            database, sql: "SELECT * FROM tokens WHERE secret = ?", arguments: [Data(secret.bytes)])
        return try row.map { try token($0, in: database) }.flatMap { $0.isOpen(at: now) ? $0 : nil }
    }

    static func find(_ id: TokenID, at now: Timestamp, in database: Database) throws -> Token? {
        let row = try Row.fetchOne(database, sql: "SELECT * FROM tokens WHERE id = ?", arguments: [id.uuid])
        return try row.map { try token($0, in: database) }.flatMap { $0.isOpen(at: now) ? $0 : nil }
    }

    /// Returns an account's tokens, also expired ones, the newest first.
    static func all(of account: AccountID, in database: Database) throws -> [Token] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM tokens WHERE account = ? ORDER BY id DESC", arguments: [account.uuid]
        ).map { try token($0, in: database) }
    }

    /// Returns whose token it is, also of an expired one.
    static func account(of id: TokenID, in database: Database) throws -> AccountID? {
        try UUID.fetchOne(database, sql: "SELECT account FROM tokens WHERE id = ?", arguments: [id.uuid])
            .map { AccountID($0) }
    }

    /// Deletes those that expired before `time`: until then they are listed, so that one sees why a program fails.
    static func deleteExpired(before time: Timestamp, in database: Database) throws {
        try database.execute(sql: "DELETE FROM tokens WHERE ends_at < ?", arguments: [time.milliseconds])
    }

    static func use(_ id: TokenID, at now: Timestamp, in database: Database) throws {
        try database.execute(
            sql: "UPDATE tokens SET last_used_at = ? WHERE id = ?", arguments: [now.milliseconds, id.uuid])
    }

    /// Deletes a token, and all that it made. Returns them, the first made first.
    static func delete(_ id: TokenID, in database: Database) throws -> [Token] {
        try delete(where: "id = ?", [id.uuid], in: database)
    }

    /// Deletes the tokens that an account's sessions made, and all that those made. Returns them, the first made first.
    static func deleteMade(bySessionsOf account: AccountID, in database: Database) throws -> [Token] {
        try delete(where: "account = ?1 AND maker = ?1 AND parent IS NULL", [account.uuid], in: database)
    }

    /// Deletes an account's tokens, whoever made them. Returns them, the first made first.
    static func deleteAll(of account: AccountID, in database: Database) throws -> [Token] {
        try delete(where: "account = ?", [account.uuid], in: database)
    }

    private static func delete(
        where condition: String, _ arguments: StatementArguments, in database: Database
    ) throws -> [Token] {
        let tokens = try Row.fetchAll(
            database,
            sql: """
                WITH RECURSIVE ended(id) AS (
                    SELECT id FROM tokens WHERE \(condition)
                    UNION SELECT tokens.id FROM tokens JOIN ended ON tokens.parent = ended.id)
                SELECT * FROM tokens WHERE id IN (SELECT id FROM ended) ORDER BY id
                """, arguments: arguments
        ).map { try token($0, in: database) }
        for token in tokens {
            try database.execute(sql: "DELETE FROM tokens WHERE id = ?", arguments: [token.id.uuid])
        }
        return tokens
    }

    private static func token(_ row: Row, in database: Database) throws -> Token {
        let id = TokenID(row["id"] as UUID)
        var cameras = CameraRights.all
        if !(row["all_cameras"] as Bool) {
            let rows = try UUID.fetchAll(
                database, sql: "SELECT camera FROM token_cameras WHERE token = ?", arguments: [id.uuid])
            cameras = .only(Set(rows.map { CameraID($0) }))
        }
        return Token(
            id: id, account: AccountID(row["account"] as UUID), maker: (row["maker"] as UUID?).map { AccountID($0) },
            parent: (row["parent"] as UUID?).map { TokenID($0) }, name: row["name"],
            // A permission that this version does not know gives nothing.
            scope: Set((row["scope"] as String).split(separator: " ").compactMap { Permission(rawValue: String($0)) }),
            cameras: cameras, createdAt: Timestamp(milliseconds: row["created_at"]),
            endsAt: (row["ends_at"] as Int64?).map(Timestamp.init(milliseconds:)),
            lastUsedAt: (row["last_used_at"] as Int64?).map(Timestamp.init(milliseconds:)))
    }
}

extension Token {
    func isOpen(at now: Timestamp) -> Bool { endsAt.map { now < $0 } ?? true }
}
