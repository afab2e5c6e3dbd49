import Foundation

/// The source of wall-clock time, which tests replace.
///
/// For waiting and for measuring durations there is `MonotonicClock`.
public protocol WallClock: Sendable {
    func now() -> Timestamp
}

/// The machine's clock.
public struct SystemClock: WallClock {
    public init() {}
    public func now() -> Timestamp { Timestamp(Date()) }
}
