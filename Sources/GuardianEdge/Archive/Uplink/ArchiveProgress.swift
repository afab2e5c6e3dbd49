import GuardianCore
import GuardianOperations
import Synchronization

/// When the node last stored something that is being archived, so that an archive that is stuck is noticed.
package final class ArchiveProgress: Sendable {
    private struct State {
        /// Clips and pictures that are being archived.
        var underWay = 0
        /// When there was progress last, or work began.
        var since: ContinuousClock.Instant
        var storedAt: Timestamp?
    }

    private let state: Mutex<State>
    private let clock: any WallClock
    private let monotonic: any MonotonicClock

    package init(clock: any WallClock, monotonic: any MonotonicClock) {
        self.clock = clock
        self.monotonic = monotonic
        state = Mutex(State(since: monotonic.now()))
    }

    /// Notes that work on a clip or picture begins.
    package func begin() {
        let now = monotonic.now()
        state.withLock { state in
            // While nothing is sent nothing is late.
            if state.underWay == 0 { state.since = now }
            state.underWay += 1
        }
    }

    /// Notes that work on a clip or picture ends, however it does.
    package func end() { state.withLock { $0.underWay -= 1 } }

    /// Notes that the node has more bytes durably, or has stored all of them.
    package func note() {
        let (now, time) = (monotonic.now(), clock.now())
        state.withLock { ($0.since, $0.storedAt) = (now, time) }
    }

    /// Notes that what waits is to wait.
    package func postpone() {
        let now = monotonic.now()
        state.withLock { $0.since = now }
    }

    /// The time since then; zero while nothing is being archived.
    package var age: Duration {
        let (underWay, since) = state.withLock { ($0.underWay, $0.since) }
        return underWay > 0 ? monotonic.elapsed(since: since) : .zero
    }

    /// When the node last had more bytes durably; `nil` since the start.
    package var storedAt: Timestamp? { state.withLock(\.storedAt) }
}
