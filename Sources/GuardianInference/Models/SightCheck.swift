import GuardianCore
import GuardianOperations
import GuardianVision
import Logging
import ServiceLifecycle
import Synchronization

/// Lets the detector look at a known picture, at start and every few minutes, through the same queue as the watches.
final class SightCheck: Service {
    /// What is known of the service's sight.
    struct Sight: Sendable {
        /// Whether there is a picture to prove it with.
        var isProvable = false
        /// The time since the last proof; `nil` before the first one.
        var age: Duration?
        /// Why the last attempt failed; `nil` when it did not.
        var failure: String?
    }

    private struct State {
        var provedAt: ContinuousClock.Instant?
        var lookingSince: ContinuousClock.Instant?
        var failure: String?
    }

    static let interval: Duration = .seconds(120)
    /// How long a look at one picture may take, with all watches before it in the queue.
    private static let patience: Duration = .seconds(10)
    /// How often it is asked whether there is a model yet.
    private static let modelInterval: Duration = .milliseconds(200)

    private let models: ModelLoader
    private let interval: Duration
    private let monotonic: any MonotonicClock
    private let failures: Counter
    private let logger: Logger
    private let state = Mutex(State())

    init(
        models: ModelLoader, statistics: LookStatistics, interval: Duration = SightCheck.interval,
        monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) {
        self.models = models
        self.interval = interval
        self.monotonic = monotonic
        self.logger = logger
        failures = statistics.registry.counter(
            "guardian_ai_proof_failures_total", help: "Looks at the known picture that did not find what is in it.")
        let age = statistics.registry.gauge(
            "guardian_ai_proof_age_seconds", help: "Since the service last proved that it sees; -1 before that.")
        statistics.registry.beforeExposition { [weak self] in
            age.set(self?.sight.age.map { $0 / .seconds(1) } ?? -1)
        }
    }

    var sight: Sight {
        let now = monotonic.now()
        // As soon as there is a model: the first look begins later.
        let isProvable = (try? models.serving())?.proof != nil
        return state.withLock { state in
            var sight = Sight(
                isProvable: isProvable, age: state.provedAt?.duration(to: now), failure: state.failure)
            if let since = state.lookingSince, since.duration(to: now) >= Self.patience {
                sight.failure = "The detector does not answer."
            }
            return sight
        }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let hasModel = await self.look()
                try? await self.monotonic.sleep(for: hasModel ? self.interval : Self.modelInterval)
            }
        }
    }

    /// Looks at the picture once.
    ///
    /// - Returns: `false` while there is no model.
    private func look() async -> Bool {
        guard let (detector, proof) = try? models.serving() else { return false }
        guard let proof else {
            state.withLock { $0 = State() }
            return true
        }
        let began = monotonic.now()
        state.withLock { $0.lookingSince = began }
        let failure: String?
        do {
            try await ModelLoader.onThread { try proof.prove(detector) }
            failure = nil
        } catch {
            failure = GuardianError.wrap(error, "Looking at the known picture failed.").message
        }
        let now = monotonic.now()
        let before = state.withLock { state in
            defer { (state.lookingSince, state.failure) = (nil, failure) }
            if failure == nil { state.provedAt = now }
            return state.failure
        }
        if let failure {
            failures.increment()
            if before == nil { logger.error("known picture not recognised", metadata: ["reason": "\(failure)"]) }
        } else if before != nil {
            logger.notice("known picture recognised again")
        }
        return true
    }
}
