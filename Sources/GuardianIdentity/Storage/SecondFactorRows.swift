import Foundation
import GRDB
import GuardianCore

/// Reads and writes second factors and their recovery codes.
enum SecondFactorRows {
    /// What a typed code is.
    enum Verdict: Hashable, Sendable {
        /// The account has no second factor.
        case off
        case timeCode
        case recoveryCode
        case wrong
    }

    /// Checks a code and uses it up: in the transaction of what it is for, so that two who type the same do not both succeed.
    static func use(
        _ code: Secret<String>, of account: AccountID, at now: Timestamp, in database: Database
    ) throws -> Verdict {
        guard let factor = try confirmed(of: account, in: database) else { return .off }
        let digits = code.reveal().filter { !$0.isWhitespace }
        if let step = factor.code.step(of: digits, at: now, after: factor.lastStep) {
            try database.execute(
                sql: "UPDATE second_factors SET last_step = ? WHERE account = ?", arguments: [step, account.uuid])
            return .timeCode
        }
        guard let digest = RecoveryCodes.digest(code) else { return .wrong }
        try database.execute(
            sql: "DELETE FROM recovery_codes WHERE account = ? AND code = ?",
            arguments: [account.uuid, Data(digest.bytes)])
        return database.changesCount > 0 ? .recoveryCode : .wrong
    }

    static func isOn(for account: AccountID, in database: Database) throws -> Bool {
        try confirmed(of: account, in: database) != nil
    }

    /// Replaces a key that was never confirmed.
    static func begin(_ code: TimeCode, for account: AccountID, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO second_factors (account, secret) VALUES (?, ?)",
            arguments: [account.uuid, Data(code.key)])
    }

    /// Turns the factor on if the code is of the key that was begun. Returns whether it was.
    static func confirm(
        _ code: Secret<String>, of account: AccountID, at now: Timestamp, in database: Database
    ) throws -> Bool {
        let key = try Data.fetchOne(
            database, sql: "SELECT secret FROM second_factors WHERE account = ? AND confirmed_at IS NULL",
            arguments: [account.uuid])
        let digits = code.reveal().filter { !$0.isWhitespace }
        guard let key, let step = TimeCode(key: Array(key)).step(of: digits, at: now, after: -1) else { return false }
        try database.execute(
            sql: "UPDATE second_factors SET confirmed_at = ?, last_step = ? WHERE account = ?",
            arguments: [now.milliseconds, step, account.uuid])
        return true
    }

    static func setRecoveryCodes(_ digests: [Hash256], of account: AccountID, in database: Database) throws {
        try database.execute(sql: "DELETE FROM recovery_codes WHERE account = ?", arguments: [account.uuid])
        for digest in digests {
            try database.execute(
                sql: "INSERT INTO recovery_codes (account, code) VALUES (?, ?)",
                arguments: [account.uuid, Data(digest.bytes)])
        }
    }

    static func recoveryCodesLeft(of account: AccountID, in database: Database) throws -> Int {
        try Int.fetchOne(
            database, sql: "SELECT count(*) FROM recovery_codes WHERE account = ?", arguments: [account.uuid]) ?? 0
    }

    /// Returns whether there was one that was on.
    static func delete(of account: AccountID, in database: Database) throws -> Bool {
        let wasOn = try isOn(for: account, in: database)
        try database.execute(sql: "DELETE FROM second_factors WHERE account = ?", arguments: [account.uuid])
        return wasOn
    }

    private static func confirmed(
        of account: AccountID, in database: Database
    ) throws -> (code: TimeCode, lastStep: Int64)? {
        try Row.fetchOne(
            database,
            sql: "SELECT secret, last_step FROM second_factors WHERE account = ? AND confirmed_at IS NOT NULL",
            arguments: [account.uuid]
        ).map { (TimeCode(key: Array($0["secret"] as Data)), $0["last_step"] as Int64) }
    }
}
