import GuardianCore
import Logging
import ServiceLifecycle
import Synchronization

/// A component of a process that may fail without ending the process: it is made, run, and made and run again after a failure,
/// with a wait that grows. Its state and the reason of its last failure are visible.
public final class SupervisedService: Service {
    public struct State: Sendable, Hashable {
        public enum Phase: String, Sendable, Hashable {
            /// Made for the first time, and not known to run yet.
            case starting
            case running
            /// Failed, and tried again.
            case failing
        }

        public var phase: Phase
        /// When the phase began.
        public var since: Timestamp
        /// Why it failed last, for a person; `nil` when it never did.
        public var reason: String?
        public var failures: Int
    }

    /// Time after which a component that has not failed counts as running.
    private static let settling = Duration.seconds(3)

    public let name: String
    private let backoff: Backoff
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let logger: Logger
    private let make: @Sendable () async throws -> any Service
    private let current: Mutex<State>

    /// - Parameters:
    ///   - name: stands in logs, metrics and the status.
    ///   - make: makes the service of one attempt.
    public init(
        _ name: String, backoff: Backoff = Backoff(base: .milliseconds(500), limit: .seconds(15)),
        clock: any WallClock = SystemClock(), monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger,
        make: @escaping @Sendable () async throws -> any Service
    ) {
        self.name = name
        self.backoff = backoff
        self.clock = clock
        self.monotonic = monotonic
        self.logger = logger
        self.make = make
        current = Mutex(State(phase: .starting, since: clock.now(), reason: nil, failures: 0))
    }

    public var state: State { current.withLock { $0 } }

    /// Runs until the process shuts down or the task is cancelled. Never throws, so that it takes nothing else with it.
    public func run() async throws {
        let ending = Mutex(false)
        await withGracefulShutdownHandler {
            var failures = 0
            while !Task.isCancelled, !ending.withLock({ $0 }) {
                let began = monotonic.now()
                let failure = await attempt()
                if Task.isCancelled || ending.withLock({ $0 }) { return }
                failures = monotonic.elapsed(since: began) > .seconds(60) ? 1 : failures + 1
                note(failure)
                let wait = backoff.delay(after: failures)
                await cancelWhenGracefulShutdown { try? await self.monotonic.sleep(for: wait) }
            }
        } onGracefulShutdown: {
            ending.withLock { $0 = true }
        }
    }

    /// Makes and runs the service once.
    ///
    /// - Returns: why it ended.
    private func attempt() async -> String {
        do {
            let service = try await make()
            try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask {
                    try await service.run()
                    return true
                }
                group.addTask {
                    try await self.monotonic.sleep(for: Self.settling)
                    self.enter(.running)
                    return false
                }
                defer { group.cancelAll() }
                while let hasEnded = try await group.next() { if hasEnded { return } }
            }
            return "It ended unexpectedly."
        } catch {
            return GuardianError.wrap(error, "It failed: \(error)").message
        }
    }

    private func note(_ reason: String) {
        let isFirst = current.withLock { state in
            defer {
                state.reason = reason
                state.failures += 1
            }
            return state.phase != .failing || state.reason != reason
        }
        enter(.failing)
        guard isFirst else { return }
        logger.error("component failed, retrying", metadata: ["component": "\(name)", "reason": "\(reason)"])
    }

    private func enter(_ phase: State.Phase) {
        let before = current.withLock { state in
            defer {
                if state.phase != phase {
                    state.phase = phase
                    state.since = clock.now()
                }
            }
            return state.phase
        }
        if phase == .running, before == .failing {
            logger.notice("component runs again", metadata: ["component": "\(name)"])
        }
    }
}
