/// A point on a stream's timeline in whole milliseconds: the presentation time of a frame as analysis, events and clips use
/// it. Each stream has a timeline of its own, whose zero is no date; `StreamAnchor` relates it to one.
///
/// Times between two points are the standard library's `Duration`: the clocks speak it, its literals name their unit, and it
/// holds the difference of any two points. Results outside of the range become `distantPast` or `distantFuture`: another
/// process may have sent any number.
public struct MediaTime: Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral {
    public var milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public init(integerLiteral milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Before every frame.
    public static let distantPast = MediaTime(milliseconds: .min)
    /// After every frame.
    public static let distantFuture = MediaTime(milliseconds: .max)

    public static func < (left: MediaTime, right: MediaTime) -> Bool { left.milliseconds < right.milliseconds }

    /// Returns the point that is later by a duration, which is rounded toward zero to a millisecond.
    public static func + (left: MediaTime, duration: Duration) -> MediaTime {
        let (sum, isTooFar) = left.milliseconds.addingReportingOverflow(duration.milliseconds)
        return isTooFar ? (duration < .zero ? .distantPast : .distantFuture) : MediaTime(milliseconds: sum)
    }

    /// Returns the point that is earlier by a duration, which is rounded toward zero to a millisecond.
    public static func - (left: MediaTime, duration: Duration) -> MediaTime {
        let (difference, isTooFar) = left.milliseconds.subtractingReportingOverflow(duration.milliseconds)
        return isTooFar ? (duration < .zero ? .distantFuture : .distantPast) : MediaTime(milliseconds: difference)
    }

    /// Returns the time from `right` to `left`, exactly.
    public static func - (left: MediaTime, right: MediaTime) -> Duration {
        .milliseconds(left.milliseconds) - .milliseconds(right.milliseconds)
    }
}

extension MediaTime: CustomStringConvertible {
    public var description: String { "\(milliseconds) ms" }
}
