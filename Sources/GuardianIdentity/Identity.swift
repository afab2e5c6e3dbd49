import GuardianCore
import GuardianOperations
import GuardianStorage

/// Who may do what with an installation: accounts, sessions, tokens, and the log of what they did. All of it is in one file,
/// `identity.sqlite`.
public struct Identity: Sendable {
    public let accounts: Accounts
    public let passwords: Passwords
    public let login: Login
    public let links: LoginLinks
    public let passkeys: Passkeys
    public let passkeyLogin: PasskeyLogin
    public let sessions: Sessions
    public let tokens: Tokens
    public let secondFactors: SecondFactors
    public let setup: Setup
    public let keys: ServerKeys
    public private(set) var access: Access
    /// Actions of other rooms are recorded here too.
    public let audit: AuditLog

    let store: IdentityStore
    let monotonic: any MonotonicClock

    /// Opens the file, creates it (mode 0600) when it is missing, and measures once what a password may cost on this machine,
    /// which takes a second or two.
    ///
    /// - Parameters:
    ///   - sign: signs an entry of the audit log (`AuditEntry.signedBytes`); `nil` while there is no key.
    ///   - cost: what a password costs; `nil` for what was measured. Only tests pass it.
    /// - Throws: as `Store.init` does.
    public static func open(
        path: String, settings: IdentitySettings = IdentitySettings(), clock: any WallClock = SystemClock(),
        monotonic: any MonotonicClock = SystemMonotonicClock(), randomness: Randomness = .system,
        sign: (@Sendable ([UInt8]) throws -> [UInt8])? = nil, cost: PasswordCost? = nil
    ) async throws -> Identity {
        let store = try Store(path: path, migrations: IdentitySchema.migrations)
        let generation = try await store.read { try IdentityStore.generation(in: $0) }
        let identity = IdentityStore(
            store: store, clock: clock, randomness: randomness, settings: settings, audit: AuditWriter(sign: sign),
            own: OwnAllowances(settings: settings, clock: monotonic), generation: Watermark(generation))
        let queue = PasswordQueue()
        let cost = if let cost { cost } else { try await measuredCost(identity, queue, monotonic) }
        let hashing = try await queue.run(.known) {
            try PasswordHashing(cost: cost, randomness: randomness, names: settings.names, queue: queue)
        }
        return Identity(identity, hashing, monotonic)
    }

    private init(_ identity: IdentityStore, _ hashing: PasswordHashing, _ monotonic: any MonotonicClock) {
        let throttle = Throttle(clock: monotonic)
        store = identity
        self.monotonic = monotonic
        audit = AuditLog(identity: identity, strangers: AuditAllowance(clock: monotonic))
        accounts = Accounts(identity: identity, hashing: hashing)
        let proof = PasswordProof(identity: identity, hashing: hashing, throttle: throttle)
        passwords = Passwords(identity: identity, hashing: hashing, proof: proof)
        login = Login(identity: identity, hashing: hashing, throttle: throttle, audit: audit)
        links = LoginLinks(identity: identity, audit: audit, proof: proof)
        let challenges = PasskeyChallenges(clock: monotonic, randomness: identity.randomness)
        passkeys = Passkeys(identity: identity, proof: proof, challenges: challenges)
        passkeyLogin = PasskeyLogin(identity: identity, throttle: throttle, audit: audit, challenges: challenges)
        sessions = Sessions(identity: identity)
        tokens = Tokens(identity: identity, proof: proof)
        secondFactors = SecondFactors(identity: identity, throttle: throttle, proof: proof)
        setup = Setup(identity: identity, hashing: hashing)
        keys = ServerKeys(identity: identity)
        access = Access(identity: identity, monotonic: monotonic)
    }

    /// Returns the same, with a local token that gives all rights.
    public func admitting(_ token: LocalToken) -> Identity {
        var identity = self
        identity.access.local = token
        return identity
    }

    /// What SQLite said when it found that the file is damaged; `nil` while it has not.
    public var damageFound: String? { store.store.damageFound }

    /// Closes the file; later calls fail.
    public func close() throws { try store.store.close() }

    private static func measuredCost(
        _ identity: IdentityStore, _ queue: PasswordQueue, _ monotonic: any MonotonicClock
    ) async throws -> PasswordCost {
        if let cost = try await identity.read({ try CostRows.cost(in: $0) }) { return cost }
        let salt = identity.randomness.bytes(PasswordHash.saltSize)
        let cost = try await queue.run(.known) {
            try PasswordCost.calibrated(clock: monotonic) { cost in
                _ = try PasswordHash(of: Secret("a password to measure with"), cost: cost, salt: salt)
            }
        }
        try await identity.write { try CostRows.set(cost, at: identity.clock.now(), in: $0) }
        return cost
    }
}
