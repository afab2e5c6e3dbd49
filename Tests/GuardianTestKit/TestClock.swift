import GuardianCore
import Synchronization

/// A monotonic clock that stands still until the test advances it.
///
/// A test waits with `waitForSleepers` until the tested code sleeps, and then advances the clock. This makes it
/// independent of the machine's speed.
public final class TestClock: MonotonicClock {
    public typealias Instant = ContinuousClock.Instant

    private struct Sleeper {
        let until: Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct Watcher {
        let count: Int
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = Instant.now
        var waits: [Duration] = []
        var nextKey = 0
        var sleepers: [Int: Sleeper] = [:]
        /// Tasks that wait for a number of sleepers.
        var watchers: [Int: Watcher] = [:]

        mutating func makeKey() -> Int {
            nextKey += 1
            return nextKey
        }
    }

    private let state = Mutex(State())
    private let isStepping: Bool

    /// - Parameter stepping: every sleep ends at once, and advances the clock to its end. Only for code that sleeps a
    ///   limited number of times.
    public init(stepping: Bool = false) { isStepping = stepping }

    public func now() -> Instant { state.withLock { $0.now } }

    /// How long each sleep so far was to last, in the order in which they began.
    public var waits: [Duration] { state.withLock { $0.waits } }

    /// The number of tasks that sleep now.
    public var sleepers: Int { state.withLock { $0.sleepers.count } }

    public func sleep(until instant: Instant) async throws {
        let key = state.withLock { $0.makeKey() }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let (outcome, watchers) = begin(Sleeper(until: instant, continuation: continuation), key)
                for watcher in watchers { watcher.continuation.resume() }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: key) }?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Adds a sleeper, unless it need not wait.
    ///
    /// - Returns: how the sleep ended if it has ended already, and the watchers that waited for this sleeper.
    private func begin(_ sleeper: Sleeper, _ key: Int) -> (outcome: Result<Void, any Error>?, watchers: [Watcher]) {
        state.withLock { state in
            // The cancellation handler may have run before; then it found no sleeper.
            if Task.isCancelled { return (.failure(CancellationError()), []) }
            state.waits.append(state.now.duration(to: sleeper.until))
            if isStepping { state.now = max(state.now, sleeper.until) }
            guard sleeper.until > state.now else { return (.success(()), []) }
            state.sleepers[key] = sleeper
            let count = state.sleepers.count
            let watchers = state.watchers.filter { $0.value.count <= count }
            for key in watchers.keys { state.watchers[key] = nil }
            return (nil, Array(watchers.values))
        }
    }

    /// Advances the clock, and wakes the sleepers whose time has come, in the order of their times.
    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now += duration
            let now = state.now
            let due = state.sleepers.filter { $0.value.until <= now }
            for key in due.keys { state.sleepers[key] = nil }
            return due.sorted { ($0.value.until, $0.key) < ($1.value.until, $1.key) }
        }
        for (_, sleeper) in due { sleeper.continuation.resume() }
    }

    /// Waits until at least `count` tasks sleep.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    public func waitForSleepers(_ count: Int) async throws {
        let key = state.withLock { $0.makeKey() }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome = state.withLock { state -> Result<Void, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.sleepers.count >= count { return .success(()) }
                    state.watchers[key] = Watcher(count: count, continuation: continuation)
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            state.withLock { $0.watchers.removeValue(forKey: key) }?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Waits until a task sleeps, and advances the clock by `duration`.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    public func advanceOnceAsleep(by duration: Duration) async throws {
        try await waitForSleepers(1)
        advance(by: duration)
    }
}
