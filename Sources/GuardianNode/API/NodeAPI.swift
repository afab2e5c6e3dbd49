import GuardianCore
import GuardianHTTP
import GuardianJournal
import GuardianOperations
import GuardianWire
import Logging

/// The node's HTTP server: the API of `OpenAPI/node.yaml`, for clients on this machine.
public enum NodeAPI {
    /// - Parameters:
    ///   - tls: its certificate; `nil` only in tests.
    ///   - gate: finds out who asks.
    ///   - access: whom it believes.
    ///   - accounts: whose routes are served; `nil` where nobody logs in.
    ///   - signer: signs requests for recordings; `nil`: none are passed on.
    ///   - readiness: why the node cannot accept entries now, if it cannot.
    ///   - onListening: called with the port once the server accepts connections.
    /// - Throws: `failed_precondition` when the API's description is missing beside the executable, and what opening
    ///   the tenant's file throws.
    public static func server(
        tenants: Tenants, address: ListenAddress, tls: WebCertificates? = nil, gate: Gate,
        access: WebAccessConfiguration = .standard, accounts: WebAccounts? = nil,
        signer: GrantSigner? = nil, metrics: MetricsRegistry, logger: Logger, clock: any WallClock = SystemClock(),
        readiness: @escaping @Sendable () async -> Readiness = { Readiness(reasons: []) },
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) throws -> WebServer {
        let scope = try tenants.localScope()
        return try WebServer(
            address: address, tls: tls, gate: gate, access: access, metrics: metrics, logger: logger,
            onListening: onListening
        ) { routes in
            routes.addHealth(readiness: readiness)
            try routes.addDescription(.node)
            routes.get("/api/v1/edges", needs: .mayForAllCameras(.readStatus)) { _ in
                try JSON.response(PageView(items: try await scope.edges(now: clock.now())))
            }
            var events = EventReading(scope.cache)
            if let signer {
                events.servesFiles = true
                routes.addRelay(RelayReading(NodeRelay(scope: scope, signer: signer, clock: clock)), events: events)
            }
            routes.addEvents(
                events, clock: clock, key: WebAccounts.eventPositionKey(of: accounts))
            routes.addArchive(ArchiveReading(scope))
            routes.addTelemetry(TelemetryReading(scope), clock: clock)
            // The node knows cameras by their UUIDs only.
            if let accounts { routes.addAccounts(accounts) { CameraNames([:]) } }
        }
    }
}
