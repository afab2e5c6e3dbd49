import GuardianCore
import Synchronization

/// The machine's clock, set forward or back.
public final class SettableClock: WallClock {
    private let shift = Mutex<Int64>(0)

    public init() {}

    public func now() -> Timestamp { SystemClock().now() + shift.withLock { $0 } }
    /// Sets it by so many milliseconds.
    public func shift(by step: Int64) { shift.withLock { $0 += step } }
}

/// A wall clock that changes only when it is set.
public final class ManualClock: WallClock {
    private let time: Mutex<Timestamp>

    public init(_ time: Timestamp) { self.time = Mutex(time) }

    public func now() -> Timestamp { time.withLock { $0 } }
    public func set(_ value: Timestamp) { time.withLock { $0 = value } }
}
