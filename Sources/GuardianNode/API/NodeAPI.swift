import GuardianCore
import GuardianHTTP
import GuardianJournal
import GuardianOperations
import GuardianWire
import Logging

/// The node's HTTP server: the API of `OpenAPI/node.yaml`, and the pages.
public enum NodeAPI {
    /// - Parameters:
    ///   - tls: its certificate; `nil` only in tests.
    ///   - gate: finds out who asks.
    ///   - access: whom it believes.
    ///   - accounts: whose routes are served; `nil` where nobody logs in.
    ///   - pages: the web UI; `nil` serves only the API.
    ///   - signer: signs requests for recordings; `nil`: none are passed on.
    ///   - retired: returns the devices of which nothing is expected any more.
    ///   - readiness: why the node cannot accept entries now, if it cannot.
    ///   - onListening: called with the port once the server accepts connections.
    /// - Throws: `failed_precondition` when the API's description is missing beside the executable, and what opening
    ///   the tenant's file throws.
    public static func server(
        tenants: Tenants, address: ListenAddress, tls: WebCertificates? = nil, gate: Gate,
        access: WebAccessConfiguration = .standard, accounts: WebAccounts? = nil,
        pages: WebUI? = nil, signer: GrantSigner? = nil,
        retired: @escaping @Sendable () async -> Set<Hash256> = { [] }, metrics: MetricsRegistry, logger: Logger,
        clock: any WallClock = SystemClock(),
        readiness: @escaping @Sendable () async -> Readiness = { Readiness(reasons: []) },
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) throws -> WebServer {
        let (scope, startedAt) = (try tenants.localScope(), clock.now())
        return try WebServer(
            address: address, tls: tls, gate: gate, access: access, metrics: metrics, logger: logger,
            onListening: onListening
        ) { routes in
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
}
