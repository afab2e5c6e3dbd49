import Foundation
import GRDB
import GuardianCore

/// Reads and writes accounts.
enum AccountRows {
    private static let columns = """
        SELECT accounts.*, (
            SELECT (SELECT count(*) FROM recovery_codes WHERE account = accounts.id)
            FROM second_factors WHERE account = accounts.id AND confirmed_at IS NOT NULL) AS recovery_codes
        FROM accounts
        """

    static func all(in database: Database) throws -> [Account] {
        try Row.fetchAll(database, sql: "\(columns) ORDER BY name_key").map { try account($0, in: database) }
    }

    static func find(_ id: AccountID, in database: Database) throws -> Account? {
        try Row.fetchOne(database, sql: "\(columns) WHERE id = ?", arguments: [id.uuid])
            .map { try account($0, in: database) }
    }

    static func find(_ name: AccountName, in database: Database) throws -> Account? {
        try Row.fetchOne(database, sql: "\(columns) WHERE name_key = ?", arguments: [name.key])
            .map { try account($0, in: database) }
    }

    /// - Throws: `notFound`.
    static func require(_ id: AccountID, in database: Database) throws -> Account {
        guard let account = try find(id, in: database) else {
            throw GuardianError(.notFound, "There is no such account.")
        }
        return account
    }

    static func count(in database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM accounts") ?? 0
    }

    /// - Parameter password: `nil` for an account without one: nothing that is typed is right then.
    static func insert(_ account: Account, password: PasswordHash?, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO accounts
                    (id, name, name_key, role, disabled, password, password_changed_at, created_at, changed_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                account.id.uuid, account.name.text, account.name.key, account.role.rawValue, account.isDisabled,
                password?.text ?? "", account.passwordChangedAt.milliseconds, account.createdAt.milliseconds,
                account.changedAt.milliseconds,
            ])
        try setCameras(account, in: database)
    }

    /// Stores name, role, cameras and whether it is disabled.
    static func update(_ account: Account, in database: Database) throws {
        try database.execute(
            sql: "UPDATE accounts SET name = ?, name_key = ?, role = ?, disabled = ?, changed_at = ? WHERE id = ?",
            arguments: [
                account.name.text, account.name.key, account.role.rawValue, account.isDisabled,
                account.changedAt.milliseconds, account.id.uuid,
            ])
        try setCameras(account, in: database)
    }

    /// Returns what is stored of the password; `nil` when there is no such account, it has no password, or the text is damaged.
    static func password(of id: AccountID, in database: Database) throws -> PasswordHash? {
        try String.fetchOne(database, sql: "SELECT password FROM accounts WHERE id = ?", arguments: [id.uuid])
            .flatMap(PasswordHash.init(text:))
    }

    static func setPassword(_ hash: PasswordHash, of id: AccountID, at time: Timestamp, in database: Database) throws {
        try database.execute(
            sql: "UPDATE accounts SET password = ?, password_changed_at = ? WHERE id = ?",
            arguments: [hash.text, time.milliseconds, id.uuid])
    }

    /// Replaces a hash by one of the same password at another cost, unless the password was changed meanwhile.
    static func replacePassword(
        _ old: PasswordHash, with new: PasswordHash, of id: AccountID, in database: Database
    ) throws {
        try database.execute(
            sql: "UPDATE accounts SET password = ? WHERE id = ? AND password = ?",
            arguments: [new.text, id.uuid, old.text])
    }

    static func delete(_ id: AccountID, in database: Database) throws {
        try database.execute(sql: "DELETE FROM accounts WHERE id = ?", arguments: [id.uuid])
    }

    /// Whoever was invited and has no password yet does not count: their link may end unused.
    ///
    /// - Throws: `failedPrecondition` when no owner is left who can log in with a password.
    static func requireOwner(in database: Database) throws {
        let owners = try Int.fetchOne(
            database, sql: "SELECT count(*) FROM accounts WHERE role = 'owner' AND disabled = 0 AND password <> ''")
        guard owners ?? 0 > 0 else {
            throw GuardianError(
                .failedPrecondition,
                "This is the only owner who can log in; make somebody else an owner, who chooses a password, first.")
        }
    }

    /// - Throws: `alreadyExists` when somebody else has the name.
    static func requireFree(_ name: AccountName, for id: AccountID, in database: Database) throws {
        guard let other = try find(name, in: database), other.id != id else { return }
        throw GuardianError(
            .alreadyExists, "Somebody already has this name; choose another one.", context: ["field": "name"])
    }

    static func cameras(of id: AccountID, in database: Database) throws -> Set<CameraID> {
        let cameras = try UUID.fetchAll(
            database, sql: "SELECT camera FROM account_cameras WHERE account = ?", arguments: [id.uuid])
        return Set(cameras.map { CameraID($0) })
    }

    private static func setCameras(_ account: Account, in database: Database) throws {
        var wanted: Set<CameraID> = []
        if case .only(let cameras) = account.cameras { wanted = cameras }
        let stored = try cameras(of: account.id, in: database)
        for camera in stored.subtracting(wanted) {
            try database.execute(
                sql: "DELETE FROM account_cameras WHERE account = ? AND camera = ?",
                arguments: [account.id.uuid, camera.uuid])
        }
        for camera in wanted.subtracting(stored) {
            try database.execute(
                sql: "INSERT INTO account_cameras (account, camera) VALUES (?, ?)",
                arguments: [account.id.uuid, camera.uuid])
        }
    }

    private static func account(_ row: Row, in database: Database) throws -> Account {
        let id = AccountID(row["id"] as UUID)
        guard let name = AccountName(row["name"] as String), let role = Role(rawValue: row["role"]) else {
            throw GuardianError(.dataLoss, "An account in the database cannot be read; restore it from a backup.")
        }
        return Account(
            id: id, name: name, role: role, cameras: role == .viewer ? .only(try cameras(of: id, in: database)) : .all,
            isDisabled: row["disabled"], recoveryCodesLeft: row["recovery_codes"],
            createdAt: Timestamp(milliseconds: row["created_at"]),
            changedAt: Timestamp(milliseconds: row["changed_at"]),
            passwordChangedAt: Timestamp(milliseconds: row["password_changed_at"]),
            hasPassword: !(row["password"] as String).isEmpty)
    }
}
