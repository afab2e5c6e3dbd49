import GuardianCore
import GuardianJournal
import GuardianOperations
import Synchronization

/// State of the delivery, for the status.
public struct DeliveryState: Hashable, Sendable {
    /// Whether the node has sent its welcome and the stream is open.
    public var connected: Bool
    /// When `connected` got its value.
    public var since: Timestamp
    public var lastAcknowledgedAt: Timestamp?
    /// Why it is not connected, for a person.
    public var reason: String?
    /// Entries acknowledged since the start.
    public var acknowledged: Int
    /// Entries rejected since the start.
    public var refused: Int
}

/// The delivery's state, written by its sessions and read by other components.
final class DeliveryBoard: Sendable {
    private let state: Mutex<DeliveryState>
    /// When the node last welcomed the edge or acknowledged an entry; at first, when the edge started.
    private let progressed: Mutex<ContinuousClock.Instant>
    /// Rises with each connection.
    let welcomes = Watermark(0)
    private let clock: any WallClock
    private let monotonic: any MonotonicClock

    init(clock: any WallClock, monotonic: any MonotonicClock = SystemMonotonicClock()) {
        self.clock = clock
        self.monotonic = monotonic
        progressed = Mutex(monotonic.now())
        state = Mutex(
            DeliveryState(
                connected: false, since: clock.now(), lastAcknowledgedAt: nil, reason: nil, acknowledged: 0, refused: 0)
        )
    }

    var value: DeliveryState { state.withLock { $0 } }

    /// The time since the node last welcomed the edge or acknowledged an entry; before that, since the start.
    var age: Duration { monotonic.elapsed(since: progressed.withLock { $0 }) }

    private func noteProgress() {
        let now = monotonic.now()
        progressed.withLock { $0 = now }
    }

    func connected() {
        let now = clock.now()
        state.withLock { state in
            state.connected = true
            state.since = now
            state.reason = nil
        }
        noteProgress()
        welcomes.increment()
    }

    func disconnected(_ reason: String) {
        let now = clock.now()
        state.withLock { state in
            if state.connected { state.since = now }
            state.connected = false
            state.reason = reason
        }
    }

    func answered(acknowledged: Int, refused: Int, at time: Timestamp) {
        if acknowledged > 0 { noteProgress() }
        state.withLock { state in
            state.acknowledged += acknowledged
            state.refused += refused
            if acknowledged > 0 { state.lastAcknowledgedAt = time }
        }
    }
}
