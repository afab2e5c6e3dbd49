import GuardianCore
import GuardianJournal
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
    /// Rises with each connection.
    let welcomes = Watermark(0)
    private let clock: any WallClock

    init(clock: any WallClock) {
        self.clock = clock
        state = Mutex(
            DeliveryState(
                connected: false, since: clock.now(), lastAcknowledgedAt: nil, reason: nil, acknowledged: 0, refused: 0)
        )
    }

    var value: DeliveryState { state.withLock { $0 } }

    func connected() {
        let now = clock.now()
        state.withLock { state in
            state.connected = true
            state.since = now
            state.reason = nil
        }
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
        state.withLock { state in
            state.acknowledged += acknowledged
            state.refused += refused
            if acknowledged > 0 { state.lastAcknowledgedAt = time }
        }
    }
}
