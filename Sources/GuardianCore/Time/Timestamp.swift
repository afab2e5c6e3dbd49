import Foundation

/// A moment in UTC as whole milliseconds since 1970-01-01T00:00:00Z, the resolution of everything that we store and
/// send.
public struct Timestamp: Hashable, Comparable, Sendable, Codable {
    /// Milliseconds since the Unix epoch.
    public var milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public init(_ date: Date) {
        self.init(milliseconds: Int64((date.timeIntervalSince1970 * 1000).rounded()))
    }

    public init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    public var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// Returns the moment that is later by so many milliseconds, or the last one that there is: another process may have
    /// sent any number.
    public static func + (left: Timestamp, milliseconds: Int64) -> Timestamp {
        let (sum, isTooFar) = left.milliseconds.addingReportingOverflow(milliseconds)
        return Timestamp(milliseconds: isTooFar ? (milliseconds < 0 ? .min : .max) : sum)
    }

    /// Returns the moment that is later by a duration, rounded toward zero to a millisecond.
    public static func + (left: Timestamp, duration: Duration) -> Timestamp { left + duration.milliseconds }

    /// Returns the milliseconds from `right` to `left`, or as many as there are.
    public static func - (left: Timestamp, right: Timestamp) -> Int64 {
        let (difference, isTooFar) = left.milliseconds.subtractingReportingOverflow(right.milliseconds)
        return isTooFar ? (left < right ? .min : .max) : difference
    }
}

extension Timestamp: CustomStringConvertible {
    public var description: String { rfc3339 }
}
