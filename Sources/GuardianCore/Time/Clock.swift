import Foundation

/// The source of wall-clock time, which tests replace.
///
/// Waiting and measuring durations use Swift's own clocks.
public protocol WallClock: Sendable {
    func now() -> Timestamp
}

/// The machine's clock.
public struct SystemClock: WallClock {
    public init() {}
    public func now() -> Timestamp { Timestamp(Date()) }
}
