import Foundation
import GuardianCore
import GuardianOperations
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// One HTTPS server, which speaks HTTP/2 and HTTP/1.1. On the same port it redirects plain HTTP, and does nothing else with it.
///
/// On graceful shutdown it accepts no new connections, ends its streams at once, lets running responses finish for
/// three seconds and then closes the remaining connections.
public struct WebServer: Service {
    /// The Hummingbird application, for tests that run it without a socket.
    public let application: Application<RealmResponder>

    /// Every route as `GET /path`, and who may use it, for tests that compare the routes with the OpenAPI document.
    package let operations: [String: RouteAccess]
    private let monotonic: any MonotonicClock
    /// Whether others could listen to what it sends.
    private let isExposed: Bool

    /// - Parameters:
    ///   - tls: its certificate, which the server keeps up to date while it runs; `nil` for tests in one process, then it speaks
    ///     plain HTTP, and only on a loopback address.
    ///   - gate: finds out who asks.
    ///   - access: whom it believes.
    ///   - metrics: the registry that `/metrics` shows and that counts requests.
    ///   - limits: how many requests each may send; `nil` for the standard.
    ///   - connections: how many there are at once.
    ///   - realms: the other sets of accounts; `nil` for a server with one.
    ///   - onListening: called with the port once the server accepts connections.
    ///   - routes: adds all routes of home but `/metrics` and those of the authority.
    public init(
        address: ListenAddress, tls: WebCertificates? = nil, gate: Gate,
        access: WebAccessConfiguration = .standard, metrics: MetricsRegistry, logger: Logger,
        monotonic: any MonotonicClock = SystemMonotonicClock(), limits: RequestLimits? = nil,
        connections allowance: ConnectionAllowance = ConnectionAllowance(), realms: (any WebRealms)? = nil,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in },
        routes add: (inout Routes) throws -> Void
    ) rethrows {
        let maker = RealmRoutes(
            metrics: metrics, limits: limits ?? RequestLimits(clock: monotonic), proxies: access.proxies, tls: tls)
        var routes = Routes(
            metrics: metrics, gate: gate, limits: maker.limits, proxies: access.proxies, tls: tls)
        routes.addMetrics(metrics, access: access.metrics)
        routes.addAuthority(tls)
        try add(&routes)
        operations = routes.operations
        self.monotonic = monotonic
        isExposed = tls == nil && !address.isLoopback
        let connections = ConnectionLimits(
            allowance, proxies: access.proxies, clock: monotonic, metrics: metrics)
        let idleTimeout: Duration = .seconds(75)
        let http1 = HTTP1Channel.Configuration(
            additionalChannelHandlers: [RequestGuards()], idleTimeout: TimeAmount(idleTimeout),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 16 * 1024, maxHeaderListSize: 32 * 1024, maxHeaderFieldCount: 100))
        application = Application(
            responder: RealmResponder(home: routes.responder(), others: realms, maker: maker),
            server: HTTPServerBuilder { responder in
                let plain = HTTP1Channel(responder: responder, configuration: http1)
                return tls.map {
                    SecureChannel(certificates: $0, connections: connections, http1: plain, idleTimeout: idleTimeout)
                } ?? plain
            },
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port),
                availableConnectionsDelegate: MaximumAvailableConnections(allowance.total)),
            services: tls.map { [$0] } ?? [],
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? address.port) },
            logger: logger)
    }

    /// - Throws: `failed_precondition` when the address or port cannot be used, or others could listen to a server without TLS.
    public func run() async throws {
        guard !isExposed else {
            throw GuardianError(.failedPrecondition, "A web server without TLS listens on a loopback address only.")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            group.addTask {
                try await gracefulShutdown()
                try await monotonic.sleep(for: .seconds(3))
            }
            do {
                try await group.next()
            } catch let error as IOError where error.errnoCode == EADDRNOTAVAIL {
                throw GuardianError(
                    .failedPrecondition,
                    "The web server's address is none of this machine: correct web.address, or connect its network.",
                    cause: error)
            } catch let error as IOError where error.errnoCode == EADDRINUSE {
                throw GuardianError(
                    .failedPrecondition,
                    "The web server's port is in use: stop the program that uses it, or set another web.port.",
                    cause: error)
            }
            group.cancelAll()
        }
    }
}
