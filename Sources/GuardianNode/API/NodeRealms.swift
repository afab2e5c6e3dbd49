import GuardianCore
public import GuardianHTTP
public import GuardianIdentity
import GuardianOperations
public import Hummingbird
import Logging
import ServiceLifecycle
import Synchronization

/// The accounts of the tenants other than home, in the folder of each, and those of the operators: opened when a request first names one,
/// and then until the process ends.
public final class NodeRealms: WebRealms, Service {
    private typealias Responder = RouterResponder<WebContext>

    private struct Opening {
        var tasks: [TenantName: Task<Responder, any Error>] = [:]
        /// Whether the process is shutting down.
        var hasEnded = false
    }

    /// How long it lasts until what could not be opened is tried again.
    private static let patience: Duration = .seconds(5)

    private let state: String
    private let tenants: Tenants
    private let registry: any EnrolmentRegistry
    private let home: WebAccounts
    private let site: NodeAPI.Site
    private let logger: Logger
    /// Accounts in which nobody is, for whoever names a tenant that does not exist.
    private let nobody: WebAccounts
    private let names: TenantNames
    /// Each is opened once, however many requests wait for it. No more than there are tenants.
    private let opening = Mutex(Opening())
    private let emptyRoutes = Mutex<Responder?>(nil)
    private let opened: AsyncStream<WebAccounts>
    private let opener: AsyncStream<WebAccounts>.Continuation

    /// - Parameters:
    ///   - state: the node's state folder.
    ///   - home: the accounts of the home tenant, with which they share what limits guessing.
    /// - Throws: what opening a file of accounts throws.
    public init(
        state: String, tenants: Tenants, registry: any EnrolmentRegistry, home: WebAccounts, site: NodeAPI.Site,
        logger: Logger
    ) async throws {
        self.state = state
        self.tenants = tenants
        self.registry = registry
        names = TenantNames(registry)
        self.home = home
        self.site = site
        self.logger = logger
        let folder = try NodeFolders(state: state).makeAccountsOfNobody()
        nobody = try await home.openRealm(.home, IdentityFiles(folder: folder))
        try await Self.close(nobody.identity)
        (opened, opener) = AsyncStream.makeStream()
        opener.yield(nobody)
    }

    /// Ends streams whose rights another process took away, and removes what has ended, in each realm that is open, until shutdown.
    public func run() async throws {
        await withDiscardingTaskGroup { group in
            for await accounts in opened.cancelOnGracefulShutdown() { group.addTask { try? await accounts.run() } }
            group.cancelAll()
        }
        opening.withLock { $0.hasEnded = true }
    }

    public func owner(ofPath path: String) -> AccountRealm? { path.hasPrefix(OperatorAPI.prefix) ? .operators : nil }

    public func responder(
        of realm: AccountRealm, _ maker: RealmRoutes
    ) async throws -> RouterResponder<WebContext> {
        let exists = if realm == .operators { true } else { try await names.contain(realm.tenant) }
        guard exists else { return try responderOfNobody(maker) }
        let task = try opening.withLock { opening in
            if let known = opening.tasks[realm.tenant] { return known }
            guard !opening.hasEnded else { throw Self.unavailable(nil) }
            let task = Task { try await self.open(realm, maker) }
            opening.tasks[realm.tenant] = task
            return task
        }
        return try await task.value
    }

    /// Opens a realm. When that fails, it is not tried again for some seconds: whoever asks needs no account.
    private func open(_ realm: AccountRealm, _ maker: RealmRoutes) async throws -> Responder {
        do {
            let folder = try NodeFolders(state: state).makeAccounts(of: realm)
            let scope = realm == .operators ? nil : try tenants.scope(of: realm.tenant)
            let accounts = try await home.openRealm(realm, IdentityFiles(folder: folder))
            do {
                let responder = try maker.responder(accounts.gate) { routes in
                    if let scope {
                        try site.addRoutes(of: scope, accounts, to: &routes)
                    } else {
                        try OperatorAPI(tenants: tenants, registry: registry, site: site, logger: logger).addRoutes(
                            accounts, to: &routes)
                    }
                }
                opener.yield(accounts)
                logger.info("accounts opened", metadata: ["tenant": "\(realm.tenant)"])
                return responder
            } catch {
                try? accounts.identity.close()
                throw error
            }
        } catch {
            logger.error(
                "accounts cannot be opened", metadata: ["tenant": "\(realm.tenant)", "reason": "\(error)"])
            Task {
                try? await Task.sleep(for: Self.patience)
                opening.withLock { $0.tasks[realm.tenant] = nil }
            }
            throw Self.unavailable(error)
        }
    }

    private static func unavailable(_ cause: (any Error)?) -> GuardianError {
        GuardianError(.unavailable, "The accounts cannot be opened now; try again later.", cause: cause)
    }

    /// The routes for whoever names a tenant that does not exist: nobody can log in there, so that only the routes of logging in matter.
    private func responderOfNobody(_ maker: RealmRoutes) throws -> Responder {
        if let known = emptyRoutes.withLock({ $0 }) { return known }
        let scope = try tenants.localScope()
        // Of these, only the public routes ever answer.
        let new = try maker.responder(.closed) { try site.addRoutes(of: scope, nobody, to: &$0) }
        emptyRoutes.withLock { $0 = new }
        return new
    }

    /// Makes an account that nobody can use, so that there is no setup to finish.
    private static func close(_ identity: Identity) async throws {
        guard try await identity.setup.isOpen() else { return }
        // Without a password, and with a name that nobody finds out.
        _ = try await identity.accounts.create(
            NewAccount(name: OpaqueSecret.make(.system).reveal(), password: nil, role: .owner), by: .localRoot)
    }
}
