import GuardianCore
import Synchronization

/// How many entries strangers may cause: some at once, and then one now and then.
package final class AuditAllowance: Sendable {
    private let clock: any MonotonicClock
    private let most: Int
    private let interval: Duration
    private let state: Mutex<State>

    private struct State {
        var left: Int
        var refilled: ContinuousClock.Instant
        var omitted = 0
    }

    /// - Parameters:
    ///   - most: entries at once.
    ///   - interval: how long until one more is allowed.
    package init(clock: any MonotonicClock, most: Int = 60, interval: Duration = .seconds(120)) {
        self.clock = clock
        self.most = most
        self.interval = interval
        state = Mutex(State(left: most, refilled: clock.now()))
    }

    /// Returns how many entries were left out since the last one; `nil` when this one is to be left out too.
    package func take() -> Int? {
        let now = clock.now()
        return state.withLock { state in
            let due = Int(min(state.refilled.duration(to: now) / interval, Double(most)))
            if due > 0 {
                state.left = min(most, state.left + due)
                // What has passed of the next interval counts, unless the allowance is full anyway.
                state.refilled = state.left == most ? now : state.refilled.advanced(by: interval * due)
            }
            guard state.left > 0 else {
                state.omitted += 1
                return nil
            }
            state.left -= 1
            defer { state.omitted = 0 }
            return state.omitted
        }
    }
}
