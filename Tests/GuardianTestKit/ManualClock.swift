import GuardianCore
import Synchronization

/// A wall clock that changes only when it is set.
public final class ManualClock: WallClock {
    private let time: Mutex<Timestamp>

    public init(_ time: Timestamp) { self.time = Mutex(time) }

    public func now() -> Timestamp { time.withLock { $0 } }
    public func set(_ value: Timestamp) { time.withLock { $0 = value } }
}
