import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianOperations
import GuardianWire
import Logging
import ServiceLifecycle
import Synchronization

/// The edge's connection to the AI service, and the service's health.
package final class InferenceLink: Service {
    package struct Health: Sendable {
        package enum State: Sendable { case starting, up, down }
        package struct Model: Sendable {
            package var name: String
            package var sha256: Hash256
        }

        package var state: State
        package var since: Timestamp
        package var model: Model?
        package var queue: Int
        /// Duration of a frame analysis in milliseconds; `nil` before the first one.
        package var latency: (p50: Double, p99: Double)?
        /// The service's metrics as Prometheus text.
        package var exposition: String
    }

    typealias Client = Guardian_V1_InferenceService.Client<HTTP2ClientTransport.Posix>

    let client: Client
    private let connection: GRPCClient<HTTP2ClientTransport.Posix>
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let logger: Logger
    private let current: Mutex<Health>

    package init(
        place: InferenceConfiguration.Place, clock: any WallClock,
        monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) throws {
        connection = GRPCClient(transport: try Self.transport(to: place))
        client = Client(wrapping: connection)
        self.clock = clock
        self.monotonic = monotonic
        self.logger = logger
        current = Mutex(
            Health(state: .starting, since: clock.now(), model: nil, queue: 0, latency: nil, exposition: ""))
    }

    package var health: Health { current.withLock { $0 } }

    package func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await self.connection.runConnections() }
                group.addTask { await self.poll() }
                try await group.next()
                group.cancelAll()
            }
        }
    }

    /// Polls the service's health: every second, more often until it is ready.
    private func poll() async {
        var options = CallOptions.defaults
        options.timeout = .seconds(3)
        options.waitForReady = false
        while !Task.isCancelled {
            do {
                receive(try await client.health(Guardian_V1_HealthRequest(), options: options))
            } catch {
                set(health.state == .starting ? .starting : .down)
            }
            try? await monotonic.sleep(for: health.state == .up ? .seconds(1) : .milliseconds(100))
        }
    }

    private func receive(_ reply: Guardian_V1_HealthReply) {
        let service = ServiceHealth(reply)
        if !service.isReady, !service.reason.isEmpty {
            logger.debug("AI service not ready", metadata: ["reason": "\(service.reason)"])
        }
        set(service.isReady ? .up : .starting)
        current.withLock { health in
            if let model = service.model { health.model = Health.Model(name: model.name, sha256: model.sha256) }
            health.queue = service.queue
            health.latency = service.latency
            health.exposition = service.exposition
        }
    }

    private func set(_ state: Health.State) {
        let before = current.withLock { health in
            defer {
                if health.state != state {
                    health.state = state
                    health.since = clock.now()
                }
            }
            return health.state
        }
        guard before != state else { return }
        switch state {
        case .up: logger.info("AI service ready")
        case .down: logger.warning("AI service unreachable, cameras are not being analysed")
        case .starting: break
        }
    }

    private static func transport(to place: InferenceConfiguration.Place) throws -> HTTP2ClientTransport.Posix {
        var config = HTTP2ClientTransport.Posix.Config.defaults
        // The service is usually local and restarts within seconds: retry often.
        config.backoff = .init(initial: .milliseconds(50), max: .milliseconds(500), multiplier: 1.6, jitter: 0.2)
        config.http2.targetWindowSize = 4 << 20
        switch place {
        case .child(let socket), .socket(let socket):
            return try .http2NIOPosix(
                target: .unixDomainSocket(path: socket), transportSecurity: .plaintext, config: config)
        case .remote(let remote):
            return try .http2NIOPosix(
                target: .dns(host: remote.host, port: remote.port),
                transportSecurity: try remote.credentials.clientSecurity(), config: config)
        }
    }
}
