import GRDB
import GuardianCore
import GuardianOperations
import GuardianStorage

/// What every part of this room works with: the file, the clock, randomness, and the number that says that rights changed.
struct IdentityStore: Sendable {
    let store: Store
    let clock: any WallClock
    let randomness: Randomness
    let settings: IdentitySettings
    let audit: AuditWriter
    let own: OwnAllowances
    /// The newest generation of access that this process knows.
    let generation: Watermark

    /// Writes in a transaction, and tells those who wait for changes of rights.
    func write<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        let (value, generation) = try await store.write { (try work($0), try Self.generation(in: $0)) }
        self.generation.advance(to: generation)
        return value
    }

    func read<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await store.read(work)
    }

    static func generation(in database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT value FROM access_generation") ?? 0
    }

    /// Appends to the audit log in the transaction of the change itself: neither is stored without the other.
    func record(
        _ action: AuditAction, by actor: AuditActor, from origin: RequestOrigin, about subject: String? = nil,
        _ details: [String: String] = [:], in database: Database
    ) throws {
        try audit.append(
            AuditRecord(action, by: actor, from: origin, about: subject, details), at: clock.now(), in: database)
    }

    func record(
        _ action: AuditAction, by caller: Caller, about subject: String? = nil, _ details: [String: String] = [:],
        in database: Database
    ) throws {
        try record(
            action, by: AuditActor(caller.principal), from: caller.origin, about: subject, details, in: database)
    }

    /// Records what somebody does with their own account and what is never refused. When it is too often, it is left out, and the next
    /// entry says how many were.
    func recordOwn(
        _ action: AuditAction, of account: AccountID, by actor: AuditActor, from origin: RequestOrigin,
        about subject: String? = nil, _ details: [String: String] = [:], in database: Database
    ) throws {
        guard let omitted = own.tell(account) else { return }
        let counted = omitted > 0 ? ["omitted": "\(omitted)"] : [:]
        try record(
            action, by: actor, from: origin, about: subject, details.merging(counted) { first, _ in first },
            in: database)
    }

    /// As `recordOwn`, if the account is the caller's; what managers do with the accounts of others is always recorded.
    func record(
        _ action: AuditAction, of account: AccountID?, by caller: Caller, about subject: String? = nil,
        _ details: [String: String] = [:], in database: Database
    ) throws {
        guard let account, caller.principal.account == account else {
            return try record(action, by: caller, about: subject, details, in: database)
        }
        try recordOwn(
            action, of: account, by: AuditActor(caller.principal), from: caller.origin, about: subject, details,
            in: database)
    }

    /// Records what somebody changes of an account; how often is limited only for their own.
    ///
    /// - Throws: `resourceExhausted` when it is too often; the transaction is then rolled back, so that nothing is changed unseen.
    func recordChange(
        _ action: AuditAction, of account: AccountID, by caller: Caller, about subject: String,
        _ details: [String: String] = [:], in database: Database
    ) throws {
        if caller.principal.account == account { try own.change(account) }
        try record(action, by: caller, about: subject, details, in: database)
    }
}
