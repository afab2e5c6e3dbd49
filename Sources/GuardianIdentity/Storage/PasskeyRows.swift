import Foundation
import GRDB
import GuardianCore

/// Reads and writes passkeys.
enum PasskeyRows {
    static func insert(_ stored: StoredPasskey, in database: Database) throws {
        let passkey = stored.passkey
        try database.execute(
            sql: """
                INSERT INTO passkeys (id, account, name, host, credential, public_key, counter, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                passkey.id.uuid, passkey.account.uuid, passkey.name, passkey.host, Data(stored.credential),
                Data(stored.key.stored), Int64(stored.counter), passkey.createdAt.milliseconds,
            ])
    }

    /// Returns an account's passkeys, the newest first.
    static func all(of account: AccountID, in database: Database) throws -> [StoredPasskey] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM passkeys WHERE account = ? ORDER BY id DESC", arguments: [account.uuid]
        ).map(stored)
    }

    static func find(_ id: PasskeyID, in database: Database) throws -> Passkey? {
        try Row.fetchOne(database, sql: "SELECT * FROM passkeys WHERE id = ?", arguments: [id.uuid])
            .map(stored)?.passkey
    }

    static func find(credential: [UInt8], in database: Database) throws -> StoredPasskey? {
        try Row.fetchOne(
            database, sql: "SELECT * FROM passkeys WHERE credential = ?", arguments: [Data(credential)]
        ).map(stored)
    }

    static func use(_ id: PasskeyID, counter: UInt32, at now: Timestamp, in database: Database) throws {
        try database.execute(
            sql: "UPDATE passkeys SET counter = ?, last_used_at = ? WHERE id = ?",
            arguments: [Int64(counter), now.milliseconds, id.uuid])
    }

    static func rename(_ id: PasskeyID, to name: String, in database: Database) throws {
        try database.execute(sql: "UPDATE passkeys SET name = ? WHERE id = ?", arguments: [name, id.uuid])
    }

    static func delete(_ id: PasskeyID, in database: Database) throws {
        try database.execute(sql: "DELETE FROM passkeys WHERE id = ?", arguments: [id.uuid])
    }

    private static func stored(_ row: Row) throws -> StoredPasskey {
        guard let key = PasskeyKey(stored: Array(row["public_key"] as Data)),
            let counter = UInt32(exactly: row["counter"] as Int64)
        else {
            throw GuardianError(.dataLoss, "A passkey in the database cannot be read; restore it from a backup.")
        }
        return StoredPasskey(
            passkey: Passkey(
                id: PasskeyID(row["id"] as UUID), account: AccountID(row["account"] as UUID), name: row["name"],
                host: row["host"], createdAt: Timestamp(milliseconds: row["created_at"]),
                lastUsedAt: (row["last_used_at"] as Int64?).map(Timestamp.init(milliseconds:))),
            credential: Array(row["credential"] as Data), key: key, counter: counter)
    }
}
