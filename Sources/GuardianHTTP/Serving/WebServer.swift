import Foundation
import GuardianCore
import GuardianOperations
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// One HTTP/1.1 server on a loopback address.
///
/// On graceful shutdown it accepts no new connections, ends its streams at once, lets running responses finish for
/// three seconds and then closes the remaining connections.
public struct WebServer: Service {
    /// The Hummingbird application, for tests that run it without a socket.
    public let application: Application<RouterResponder<WebContext>>

    /// Every route as `GET /path`, and who may use it, for tests that compare the routes with the OpenAPI document.
    package let operations: [String: RouteAccess]
    private let monotonic: any MonotonicClock

    /// - Parameters:
    ///   - gate: finds out who asks.
    ///   - metrics: the registry that `/metrics` shows and that counts requests.
    ///   - onListening: called with the port once the server accepts connections.
    ///   - routes: adds all routes but `/metrics`.
    public init(
        address: ListenAddress, gate: Gate, metrics: MetricsRegistry, logger: Logger,
        monotonic: any MonotonicClock = SystemMonotonicClock(),
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in },
        routes add: (inout Routes) throws -> Void
    ) rethrows {
        var routes = Routes(metrics: metrics, gate: gate)
        routes.addMetrics(metrics)
        try add(&routes)
        operations = routes.operations
        self.monotonic = monotonic
        application = Application(
            responder: routes.responder(),
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [AbsoluteTargetInstaller()], idleTimeout: .seconds(75),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 16 * 1024, maxHeaderListSize: 32 * 1024, maxHeaderFieldCount: 100))),
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port),
                availableConnectionsDelegate: MaximumAvailableConnections(512)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? address.port) },
            logger: logger)
    }

    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            group.addTask {
                try await gracefulShutdown()
                try await monotonic.sleep(for: .seconds(3))
            }
            do {
                try await group.next()
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
