import GuardianCore

/// The machine's clock, wrong by some time.
public struct ShiftedClock: WallClock {
    private let milliseconds: Int64

    /// - Parameter milliseconds: positive: it is ahead.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public init(days: Int64) { milliseconds = days * 86_400_000 }

    public func now() -> Timestamp { SystemClock().now() + milliseconds }
}
