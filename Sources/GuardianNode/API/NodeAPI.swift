import GuardianCore
import GuardianHTTP
import GuardianIdentity
import GuardianJournal
import GuardianOperations
import GuardianWire
import Hummingbird
import Logging

/// The node's HTTP server: the API of `OpenAPI/node.yaml`, and the pages.
public enum NodeAPI {
    /// What the routes of all tenants have in common.
    public struct Site: Sendable {
        var pages: WebUI?
        var operatorPages: WebUI?
        var signer: GrantSigner?
        var retired: @Sendable () async -> Set<Hash256>
        var metrics: MetricsRegistry
        var clock: any WallClock
        var startedAt: Timestamp
        var readiness: @Sendable () async -> Readiness

        /// - Parameters:
        ///   - pages: the web UI; `nil` serves only the API.
        ///   - operatorPages: that of the operators.
        ///   - signer: signs requests for recordings; `nil`: none are passed on.
        ///   - retired: returns the devices of which nothing is expected any more.
        ///   - readiness: why the node cannot accept entries now, if it cannot.
        public init(
            pages: WebUI? = nil, operatorPages: WebUI? = nil, signer: GrantSigner? = nil,
            retired: @escaping @Sendable () async -> Set<Hash256> = { [] }, metrics: MetricsRegistry,
            clock: any WallClock = SystemClock(),
            readiness: @escaping @Sendable () async -> Readiness = { Readiness(reasons: []) }
        ) {
            self.pages = pages
            self.operatorPages = operatorPages
            self.signer = signer
            self.retired = retired
            self.metrics = metrics
            self.clock = clock
            self.readiness = readiness
            startedAt = clock.now()
        }

        /// Adds the routes of one tenant.
        ///
        /// - Parameter accounts: whose routes are served; `nil` where nobody logs in.
        /// - Throws: `failed_precondition` when the API's description is missing beside the executable.
        func addRoutes(of scope: TenantScope, _ accounts: WebAccounts?, to routes: inout Routes) throws {
            let (clock, startedAt, retired) = (clock, startedAt, retired)
            routes.addHealth(readiness: readiness)
            try routes.addDescription(.node)
            routes.get("/api/v1/edges", needs: .mayForAllCameras(.readStatus)) { _ in
                try JSON.response(PageView(items: try await scope.edges(now: clock.now())))
            }
            routes.get("/api/v1/status", needs: .mayForAllCameras(.readStatus)) { _ in
                try JSON.response(
                    try await NodeStatusView(
                        scope, without: await retired(), startedAt: startedAt, now: clock.now()))
            }
            let (relay, names) = (
                NodeRelay(scope: scope, signer: signer, metrics: metrics, clock: clock), scope.tenant.cameras.names
            )
            let events = EventReading(scope.cache, cameras: names, servesFiles: signer != nil)
            routes.addCameras(CameraReading(scope, relay))
            routes.addRelay(RelayReading(relay), events: events)
            routes.addEvents(events, clock: clock, key: WebAccounts.eventPositionKey(of: accounts))
            let catalogue = scope.cache.catalogue
            routes.addCoverage(
                CoverageReading(
                    gaps: { try await catalogue.gaps(cameras: $0, from: $1, to: $2) },
                    watchedSince: { try await catalogue.watchedSince($0) },
                    all: { Set(try await catalogue.cameras()).union(scope.tenant.cameras.all.map(\.report.id)) },
                    names: names), clock: clock)
            routes.addArchive(ArchiveReading(scope))
            routes.addTelemetry(TelemetryReading(scope), clock: clock)
            routes.addQRCodes()
            if let accounts { routes.addAccounts(accounts) { names } }
            if let pages { routes.addPages(pages) }
        }
    }

    /// - Parameters:
    ///   - site: what is served.
    ///   - tls: its certificate; `nil` only in tests.
    ///   - gate: finds out who asks for the home tenant.
    ///   - access: whom it believes.
    ///   - accounts: of the home tenant; `nil` where nobody logs in.
    ///   - realms: the accounts of other tenants; `nil` without enrolment.
    ///   - onListening: called with the port once the server accepts connections.
    /// - Throws: `failed_precondition` when the API's description is missing beside the executable, and what opening
    ///   the tenant's file throws.
    public static func server(
        _ site: Site, tenants: Tenants, address: ListenAddress, tls: WebCertificates? = nil, gate: Gate,
        access: WebAccessConfiguration = .standard, accounts: WebAccounts? = nil, realms: NodeRealms? = nil,
        logger: Logger, onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) throws -> WebServer {
        let scope = try tenants.localScope()
        return try WebServer(
            address: address, tls: tls, gate: gate, access: access, metrics: site.metrics, logger: logger,
            realms: realms, onListening: onListening
        ) { try site.addRoutes(of: scope, accounts, to: &$0) }
    }
}
