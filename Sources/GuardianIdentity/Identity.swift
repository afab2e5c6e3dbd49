import GuardianCore
import GuardianOperations
import GuardianStorage

/// Who may do what with an installation, or with what a tenant has at a node: accounts, sessions, tokens, and the log of what they did. All
/// of it is in one file, `identity.sqlite`.
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
    private let guessing: Guessing

    /// What limits guessing of passwords. It is the machine's, whoever is guessed.
    private struct Guessing: Sendable {
        let hashing: PasswordHashing
        let throttle: Throttle
    }

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
        let identity = try await store(path, settings, clock, monotonic, randomness, sign)
        let queue = PasswordQueue()
        let cost = if let cost { cost } else { try await measuredCost(identity, queue, monotonic) }
        let hashing = try await queue.run(.known) {
            try PasswordHashing(cost: cost, randomness: randomness, names: settings.names, queue: queue)
        }
        return Identity(identity, Guessing(hashing: hashing, throttle: Throttle(clock: monotonic)), monotonic)
    }

    /// Opens the file of another realm of the same server, or creates it. Passwords cost the same in both, and wait in one queue; places from
    /// which is guessed are counted together.
    ///
    /// - Throws: as `Store.init` does.
    public func openRealm(path: String) async throws -> Identity {
        let identity = try await Self.store(path, store.settings, store.clock, monotonic, store.randomness, nil)
        return Identity(identity, guessing, monotonic)
    }

    private static func store(
        _ path: String, _ settings: IdentitySettings, _ clock: any WallClock, _ monotonic: any MonotonicClock,
        _ randomness: Randomness, _ sign: (@Sendable ([UInt8]) throws -> [UInt8])?
    ) async throws -> IdentityStore {
        let store = try Store(path: path, migrations: IdentitySchema.migrations)
        let generation = try await store.read { try IdentityStore.generation(in: $0) }
        return IdentityStore(
            store: store, clock: clock, randomness: randomness, settings: settings, audit: AuditWriter(sign: sign),
            own: OwnAllowances(settings: settings, clock: monotonic), generation: Watermark(generation))
    }

    private init(_ identity: IdentityStore, _ guessing: Guessing, _ monotonic: any MonotonicClock) {
        let (hashing, throttle) = (guessing.hashing, guessing.throttle)
        store = identity
        self.guessing = guessing
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
