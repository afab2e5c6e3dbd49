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
        /// `starting` lasts some seconds at most: a service that is not up then is down, with its reason.
        package enum State: Sendable { case starting, up, down }
        package struct Model: Sendable {
            package var name: String
            package var sha256: Hash256
        }

        /// What the service's last look at a picture with known content showed.
        package struct Proof: Sendable, Hashable {
            package enum State: Sendable { case unavailable, pending, passed, failed }

            package var state = State.unavailable
            /// When it last passed.
            package var passed: Occurrence?
            /// Why it failed, for a person.
            package var failure: String?
        }

        package var state: State
        package var since: Timestamp
        /// Why it is not up, for a person; `nil` while it is up or nothing is known yet.
        package var reason: String?
        package var model: Model?
        package var queue: Int
        /// Duration of a frame analysis in milliseconds; `nil` before the first one.
        package var latency: (p50: Double, p99: Double)?
        /// The service's metrics as Prometheus text.
        package var exposition: String
        package var proof = Proof()
        /// Whether the kernel confines the service, and how, or why not; `nil` when the service does not say.
        package var sandbox: (isActive: Bool, detail: String)?
    }

    package typealias Client = Guardian_V1_InferenceService.Client<HTTP2ClientTransport.Posix>

    private let place: InferenceConfiguration.Place
    private let connection: Mutex<GRPCClient<HTTP2ClientTransport.Posix>?>
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let logger: Logger
    private let patience: Duration
    /// How long `run` waits for a connection to close when it ends.
    private let closing: Duration
    /// Runs a connection until it ends.
    private let running: Running
    private let current: Mutex<Record>

    /// How old the last proof that the service sees may be: it is repeated every two minutes.
    package static let proofLimit: Duration = .seconds(300)
    /// Milliseconds; a service that says more has not proved anything for long.
    private static let longestProofAge: UInt64 = 30 * 86_400_000

    /// How long the service may take to become ready, and how long an answer proves that it is up.
    package static let patience: Duration = .seconds(10)

    private struct Record {
        var health: Health
        /// Since when it has not been up; `nil` while it is.
        var awaitedSince: ContinuousClock.Instant?
        var lastAnswer: ContinuousClock.Instant
        var lastAnswerAt: Timestamp

        func isOverdue(at now: ContinuousClock.Instant, _ patience: Duration) -> Bool {
            awaitedSince.map { $0.duration(to: now) >= patience } ?? false
        }
    }

    package typealias Running = @Sendable (GRPCClient<HTTP2ClientTransport.Posix>) async throws -> Void

    /// Credentials that cannot be read make the service down, with the reason; they are read again every second.
    package init(
        place: InferenceConfiguration.Place, clock: any WallClock,
        monotonic: any MonotonicClock = SystemMonotonicClock(), patience: Duration = InferenceLink.patience,
        closing: Duration = BoundedRun.patience, running: @escaping Running = { try await $0.runConnections() },
        logger: Logger
    ) {
        self.place = place
        // Calls that are made before `run` wait for it. What is wrong is said when it runs.
        connection = Mutex((try? Self.transport(to: place)).map { GRPCClient(transport: $0) })
        self.clock = clock
        self.monotonic = monotonic
        self.patience = patience
        self.closing = closing
        self.running = running
        self.logger = logger
        let now = clock.now()
        current = Mutex(
            Record(
                health: Health(
                    state: .starting, since: now, reason: nil, model: nil, queue: 0, latency: nil, exposition: ""),
                awaitedSince: monotonic.now(), lastAnswer: monotonic.now(), lastAnswerAt: now))
    }

    /// The service's health now. Judged when it is read, so that it does not depend on a task that may hang.
    package var health: Health {
        let now = monotonic.now()
        return current.withLock { record in
            var health = record.health
            switch health.state {
            case .starting where record.isOverdue(at: now, patience):
                health.state = .down
                health.reason = health.reason ?? "It has not become ready."
            case .up where record.lastAnswer.duration(to: now) >= patience:
                health.state = .down
                health.since = record.lastAnswerAt
                health.reason = "It has stopped answering."
            case .starting, .up, .down: break
            }
            if health.proof.state == .passed, let passed = health.proof.passed,
                passed.instant.duration(to: now) >= Self.proofLimit
            {
                health.proof.state = .failed
                health.proof.failure = "It has not looked at the known picture for minutes."
            }
            return health
        }
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.stayConnected() }
                group.addTask { await self.poll() }
                await group.waitForAll()
            }
        }
    }

    /// Makes a call on the current connection. All calls to the AI service are made here, because one that is cancelled may never
    /// return (`BoundedRun`).
    ///
    /// - Throws: `unavailable` while there is no connection, the call's error, and `CancellationError` once this task is
    ///   cancelled; it does not wait for the call any longer than for a connection then.
    package func call<Value: Sendable>(_ body: @escaping @Sendable (Client) async throws -> Value) async throws -> Value
    {
        guard let connection = connection.withLock({ $0 }) else {
            throw GuardianError(.unavailable, "There is no connection to the AI service.")
        }
        return try await BoundedRun.call(patience: closing) {
            logger.warning("call to the AI service does not end, abandoned")
        } _: {
            try await body(Client(wrapping: connection))
        }
    }

    /// Runs the connection, and makes another one when there is none or it ended: recording must not end with it.
    private func stayConnected() async {
        while !Task.isCancelled {
            do {
                let connection = try connect()
                try await run(connection)
            } catch {
                guard !Task.isCancelled else { return }
                update(
                    isUp: false, isReachable: false,
                    reason: GuardianError.call(error, "The connection to the AI service").message)
            }
            connection.withLock { $0 = nil }
            try? await monotonic.sleep(for: .seconds(1))
        }
    }

    /// A transport that hangs when it is cancelled must not keep the edge from ending.
    private func run(_ connection: GRPCClient<HTTP2ClientTransport.Posix>) async throws {
        try await BoundedRun.call(patience: closing) {
            logger.warning("connection to the AI service does not close, abandoned")
        } _: { [running] in
            try await running(connection)
        }
    }

    private func connect() throws -> GRPCClient<HTTP2ClientTransport.Posix> {
        if let connection = connection.withLock({ $0 }) { return connection }
        let made = GRPCClient(transport: try Self.transport(to: place))
        connection.withLock { $0 = made }
        return made
    }

    /// Polls the service's health: every second, more often until it is ready.
    private func poll() async {
        var options = CallOptions.defaults
        options.timeout = .seconds(3)
        options.waitForReady = false
        while !Task.isCancelled {
            // Without a connection, `stayConnected` says why.
            guard connection.withLock({ $0 != nil }) else {
                try? await monotonic.sleep(for: .milliseconds(100))
                continue
            }
            do {
                receive(
                    try await call { [options] in try await $0.health(Guardian_V1_HealthRequest(), options: options) })
            } catch {
                // A question that was cancelled says nothing about the service.
                guard !Task.isCancelled else { return }
                update(
                    isUp: false, isReachable: false, reason: GuardianError.call(error, "The AI service").message)
            }
            try? await monotonic.sleep(for: health.state == .up ? .seconds(1) : .milliseconds(100))
        }
    }

    private func receive(_ reply: Guardian_V1_HealthReply) {
        let service = ServiceHealth(reply)
        if !service.isReady, !service.reason.isEmpty {
            logger.debug("AI service not ready", metadata: ["reason": "\(service.reason)"])
        }
        let now = (monotonic.now(), clock.now())
        current.withLock { record in
            (record.lastAnswer, record.lastAnswerAt) = now
            if let model = service.model {
                record.health.model = Health.Model(name: model.name, sha256: model.sha256)
            }
            record.health.queue = service.queue
            record.health.latency = service.latency
            record.health.exposition = service.exposition
            record.health.sandbox = service.sandbox
            record.health.proof = Self.proof(reply, at: now.0, now.1)
        }
        let reason = service.reason.isEmpty ? "It is not ready." : service.reason
        update(isUp: service.isReady, isReachable: true, reason: reason)
    }

    private static func proof(
        _ reply: Guardian_V1_HealthReply, at now: ContinuousClock.Instant, _ time: Timestamp
    ) -> Health.Proof {
        guard reply.proof else { return Health.Proof() }
        let age = Int64(min(reply.proofAge, longestProofAge))
        let passed =
            age == 0 ? nil : Occurrence(instant: now.advanced(by: .milliseconds(-age)), time: time + -age)
        if !reply.proofFailure.isEmpty {
            return Health.Proof(state: .failed, passed: passed, failure: String(reply.proofFailure.prefix(500)))
        }
        return Health.Proof(state: passed == nil ? .pending : .passed, passed: passed)
    }

    /// Applies what was just learnt. A service that was down is down until it is up, so that one that ends again and
    /// again stays a problem.
    private func update(isUp: Bool, isReachable: Bool, reason: String) {
        let (now, time) = (monotonic.now(), clock.now())
        let (before, after) = current.withLock { record -> (Health.State, Health.State) in
            let before = record.health.state
            let after: Health.State
            if isUp {
                record.awaitedSince = nil
                after = .up
            } else {
                if before == .up { record.awaitedSince = now }
                let mayBeStarting = before == .starting || before == .up && isReachable
                after = mayBeStarting && !record.isOverdue(at: now, patience) ? .starting : .down
            }
            record.health.reason = isUp ? nil : reason
            if before != after {
                record.health.state = after
                record.health.since = time
            }
            return (before, after)
        }
        guard before != after else { return }
        switch after {
        case .up: logger.info("AI service ready")
        case .down where isReachable:
            logger.warning(
                "AI service does not become ready, cameras are not being analysed", metadata: ["reason": "\(reason)"])
        case .down:
            logger.warning(
                "AI service unreachable, cameras are not being analysed", metadata: ["reason": "\(reason)"])
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
        case .refused:
            throw GuardianError(.failedPrecondition, "Its section of the configuration is wrong.")
        }
    }
}
