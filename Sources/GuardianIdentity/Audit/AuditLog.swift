import Foundation
import GRDB
import GuardianCore

/// The log of security-relevant actions: append-only, each entry with the hash of the one before.
public struct AuditLog: Sendable {
    let identity: IdentityStore
    /// Limits how much strangers can write, so that nobody fills the log to push out what it tells of them.
    let strangers: AuditAllowance

    /// Entries on one page.
    public static let pageLimit = 200

    /// Records what somebody did in another room. It is on the disk when this returns.
    public func record(
        _ action: AuditAction, by caller: Caller, about subject: String? = nil, _ details: [String: String] = [:]
    ) async throws {
        try await identity.write { [identity] in
            try identity.record(action, by: caller, about: subject, details, in: $0)
        }
    }

    /// Records what this server itself did, such as at its node's request. It is on the disk when this returns.
    public func recordOwnAct(
        _ action: AuditAction, about subject: String? = nil, _ details: [String: String] = [:]
    ) async throws {
        try await identity.write { [identity] in
            try identity.record(action, by: .guardian, from: .local, about: subject, details, in: $0)
        }
    }

    /// Records what somebody did who is not logged in, unless strangers have written too much already; then it is counted,
    /// and the next entry says how many were left out.
    func recordStranger(_ action: AuditAction, from origin: RequestOrigin, about subject: AccountID?) async throws {
        guard let omitted = strangers.take() else { return }
        let details = omitted > 0 ? ["omitted": "\(omitted)"] : [:]
        try await identity.write { [identity] in
            try identity.record(
                action, by: .stranger, from: origin, about: subject?.description, details, in: $0)
        }
    }

    /// Records that somebody who is logged in wanted what they may not do, unless that was too often already; then it is counted, and the
    /// next such entry says how many were left out.
    ///
    /// - Parameter operation: what they wanted, such as `DELETE /api/v1/users/…`.
    public func recordRefusal(of operation: String, by caller: Caller) async throws {
        guard let account = caller.principal.account, let omitted = identity.own.refuse(account) else { return }
        let counted = omitted > 0 ? ["omitted": "\(omitted)"] : [:]
        try await record(
            .accessRefused, by: caller, about: account.description,
            ["operation": operation].merging(counted) { first, _ in first })
    }

    /// Returns a page of entries, newest first.
    ///
    /// - Parameter before: the sequence of the last entry of the page before; `nil` for the newest.
    /// - Throws: `permissionDenied` without `readAudit`.
    public func page(before: Int64? = nil, limit: Int = 50, by caller: Caller) async throws -> [AuditEntry] {
        try caller.principal.require(.readAudit)
        return try await newest(before: before, limit: limit)
    }

    private func newest(before: Int64?, limit: Int) async throws -> [AuditEntry] {
        try await identity.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT sequence, payload, signature FROM audit WHERE sequence < ? ORDER BY sequence DESC LIMIT ?
                    """, arguments: [before ?? .max, min(max(1, limit), Self.pageLimit)]
            ).map(Self.entry)
        }
    }

    /// The newest entry, which another log may name to prove that the end was not cut off; `nil` in an empty log.
    public func head() async throws -> AuditEntry? { try await newest(before: nil, limit: 1).first }

    /// Removes entries that are too old or too many, and records the cut: it names the last removed entry and its hash, so
    /// that the chain can be verified from there.
    ///
    /// - Returns: how many entries were removed.
    @discardableResult
    public func cut() async throws -> Int {
        let settings = identity.settings
        return try await identity.write { [identity] database in
            let now = identity.clock.now()
            let through = max(
                try Self.tooOld(at: now, settings, in: database), try Self.tooMany(settings, in: database))
            let row = try Row.fetchOne(database, sql: "SELECT hash FROM audit WHERE sequence = ?", arguments: [through])
            guard let hash = row.flatMap({ Hash256(bytes: $0["hash"] as Data) }) else { return 0 }
            try database.execute(sql: "DELETE FROM audit WHERE sequence <= ?", arguments: [through])
            let removed = database.changesCount
            // The chain's head is gone when everything was removed; then the cut continues from what it names.
            try identity.audit.append(
                AuditRecord(
                    .auditCut, by: .guardian, from: .local,
                    [AuditCut.through: "\(through)", AuditCut.hash: hash.hex, "entries": "\(removed)"]),
                at: now, after: (through, hash), in: database)
            return removed
        }
    }

    /// The last entry that is too old; 0 when none is. A cut is an entry too, so it waits until a whole day is too old.
    private static func tooOld(
        at now: Timestamp, _ settings: IdentitySettings, in database: Database
    ) throws -> Int64 {
        let limit = now + (.zero - settings.auditAge)
        let oldest = try Int64.fetchOne(database, sql: "SELECT at FROM audit ORDER BY sequence LIMIT 1")
        guard let oldest, limit.milliseconds - oldest > 86_400_000 else { return 0 }
        let newer = try Int64.fetchOne(
            database, sql: "SELECT min(sequence) FROM audit WHERE at >= ?", arguments: [limit.milliseconds])
        let floor = try last(beyond: settings.auditFloor, in: database)
        return min(newer.map { $0 - 1 } ?? .max, floor)
    }

    /// The last entry that is too many; 0 when none is. A tenth more goes, so that the next entry does not make another cut.
    private static func tooMany(_ settings: IdentitySettings, in database: Database) throws -> Int64 {
        guard try last(beyond: settings.auditEntries, in: database) > 0 else { return 0 }
        return try last(beyond: max(1, settings.auditEntries - settings.auditEntries / 10), in: database)
    }

    /// The newest entry that is not among the newest `count`; 0 when there are no more.
    private static func last(beyond count: Int, in database: Database) throws -> Int64 {
        try Int64.fetchOne(
            database, sql: "SELECT sequence FROM audit ORDER BY sequence DESC LIMIT 1 OFFSET ?", arguments: [count])
            ?? 0
    }

    static func entry(_ row: Row) -> AuditEntry {
        AuditEntry(
            sequence: row["sequence"], payload: Array(row["payload"] as Data),
            signature: (row["signature"] as Data?).map(Array.init))
    }
}

/// The details of an entry that tells of a cut.
enum AuditCut {
    static let through = "through"
    static let hash = "hash"
}
