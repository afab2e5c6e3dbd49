import GuardianCore
import Synchronization

/// A number that only increases, and on which tasks can wait. Keeps no history: a slow reader misses nothing, since it
/// reads from the tables what was added meanwhile.
public final class Watermark: Sendable {
    private let state: Mutex<State>

    private struct State {
        var value: Int64
        var nextWaiter = 0
        var waiters: [Int: Waiter] = [:]
    }

    private struct Waiter {
        let beyond: Int64
        let continuation: CheckedContinuation<Void, any Error>
    }

    public init(_ value: Int64) { state = Mutex(State(value: value)) }

    public var value: Int64 { state.withLock { $0.value } }

    /// Raises the number; a lower one changes nothing.
    public func advance(to value: Int64) {
        let passed = state.withLock { state in
            guard value > state.value else { return [Waiter]() }
            state.value = value
            let passed = state.waiters.filter { $0.value.beyond < value }
            for key in passed.keys { state.waiters[key] = nil }
            return Array(passed.values)
        }
        for waiter in passed { waiter.continuation.resume() }
    }

    /// Increments the number atomically.
    public func increment() {
        let passed = state.withLock { state in
            state.value += 1
            let value = state.value
            let passed = state.waiters.filter { $0.value.beyond < value }
            for key in passed.keys { state.waiters[key] = nil }
            return Array(passed.values)
        }
        for waiter in passed { waiter.continuation.resume() }
    }

    /// Waits until the number is greater than `mark`.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    public func wait(beyond mark: Int64) async throws {
        let key = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let now = state.withLock { state -> Result<Void, any Error>? in
                    // The cancellation handler may have run before; then it found no waiter.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.value > mark { return .success(()) }
                    state.waiters[key] = Waiter(beyond: mark, continuation: continuation)
                    return nil
                }
                if let now { continuation.resume(with: now) }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: key) }?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Waits until the number is greater than `mark`, or the time is over.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    public func wait(
        beyond mark: Int64, atMost limit: Duration, monotonic: any MonotonicClock = SystemMonotonicClock()
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.wait(beyond: mark) }
            group.addTask { try await monotonic.sleep(for: limit) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Waits until the number has not increased for that long.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    public func waitUntilStill(for limit: Duration, monotonic: any MonotonicClock) async throws {
        while true {
            let seen = value
            try await wait(beyond: seen, atMost: limit, monotonic: monotonic)
            if value == seen { return }
        }
    }
}
