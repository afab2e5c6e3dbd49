import GuardianCore
public import GuardianIdentity
public import Logging
public import ServiceLifecycle

/// The accounts of one web server, opened from its state folder.
public struct WebAccounts: Service {
    public let identity: Identity
    let clock: any WallClock
    private let realm: AccountRealm
    private let files: IdentityFiles
    private let page: String
    private let logger: Logger

    /// Opens the accounts and makes what the first run needs: a setup link, which is logged once.
    ///
    /// - Parameters:
    ///   - page: where people open the setup page, such as `https://recorder.local:8480`.
    ///   - sign: signs entries of the audit log.
    ///   - onSetupLink: called with the setup link when it is made.
    ///   - cost: what a password costs; `nil` for what was measured on this machine. Only tests pass it.
    /// - Throws: what opening the database throws, and `unavailable` when a file of the state folder cannot be written.
    public static func open(
        _ files: IdentityFiles, page: String, sign: (@Sendable ([UInt8]) throws -> [UInt8])? = nil,
        onSetupLink: (SetupLink) -> Void = { _ in }, cost: PasswordCost? = nil, clock: any WallClock = SystemClock(),
        logger: Logger
    ) async throws -> WebAccounts {
        let identity = try await Identity.open(path: files.database, clock: clock, sign: sign, cost: cost)
        let accounts = WebAccounts(
            identity: identity.admitting(try LocalToken(file: files.localToken)), clock: clock, realm: .home,
            files: files, page: page, logger: logger)
        try await accounts.prepareSetup(onSetupLink)
        return accounts
    }

    /// Opens the accounts of another realm of the same server. They have no local token, and nobody is told a setup link: an operator
    /// asks for it (`guardian user setup-link --tenant`).
    ///
    /// - Throws: what opening the database throws.
    public func openRealm(_ realm: AccountRealm, _ files: IdentityFiles) async throws -> WebAccounts {
        WebAccounts(
            identity: try await identity.openRealm(path: files.database), clock: clock, realm: realm, files: files,
            page: page, logger: logger)
    }

    /// Returns the key of the ids of event streams.
    ///
    /// - Parameter accounts: `nil` for a server that knows nobody: then the key lasts as long as the process.
    public static func eventPositionKey(
        of accounts: WebAccounts?, randomness: Randomness = .system
    ) -> @Sendable () async throws -> Secret<[UInt8]> {
        if let accounts { return { try await accounts.identity.keys.key(.eventPositions) } }
        let key = Secret(randomness.bytes(32))
        return { key }
    }

    /// Finds out who asks.
    public var gate: Gate { Gate(identity.access, audit: identity.audit, realm: realm) }

    /// Ends streams whose rights another process took away, and removes what has ended, until shutdown.
    public func run() async throws {
        await cancelWhenGracefulShutdown { try? await identity.run() }
    }

    /// Makes the setup link while there is no account, and removes it afterwards.
    private func prepareSetup(_ onSetupLink: (SetupLink) -> Void = { _ in }) async throws {
        _ = try await identity.setup.prepare(file: files.setup) { secret in
            let link = SetupLink(page: page, secret: secret)
            logger.notice("setup link made", metadata: ["link": "\(link)"])
            onSetupLink(link)
        }
    }

    /// Removes the setup link's file once there is an account.
    func endSetup() async { _ = try? await identity.setup.prepare(file: files.setup) }
}
