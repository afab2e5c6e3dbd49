import Foundation

/// Where the time of day comes from, so that a test can say what time it is.
///
/// Waiting and measuring use Swift's own clocks; this one only names moments.
public protocol WallClock: Sendable {
    func now() -> Timestamp
}

/// The machine's clock.
public struct SystemClock: WallClock {
    public init() {}
    public func now() -> Timestamp { Timestamp(Date()) }
}
