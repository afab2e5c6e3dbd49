import Foundation

/// A moment in UTC as whole milliseconds since 1970-01-01T00:00:00Z, the resolution of everything that we store and
/// send.
public struct Timestamp: Hashable, Comparable, Sendable, Codable {
    /// Milliseconds since the Unix epoch.
    public var milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// The years 1970 to 9999. A time that another process or a file names must lie in it: then sums with any plausible
    /// duration (`Plausible`) do not overflow, and RFC 3339 can express it.
    public static let range: ClosedRange<Int64> = 0...253_402_300_799_999

    /// Wraps a date; one outside of `range` becomes its nearest bound.
    public init(_ date: Date) {
        let milliseconds = (date.timeIntervalSince1970 * 1000).rounded()
        let (first, last) = (Double(Self.range.lowerBound), Double(Self.range.upperBound))
        self.init(milliseconds: milliseconds >= first ? Int64(min(milliseconds, last)) : Self.range.lowerBound)
    }

    /// Whether it lies in `range`.
    public var isPlausible: Bool { Self.range.contains(milliseconds) }

    /// `nil` outside of `range`.
    public init?(plausible milliseconds: Int64) {
        guard Self.range.contains(milliseconds) else { return nil }
        self.init(milliseconds: milliseconds)
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

    /// Returns the moment that is later by so many milliseconds, or the last one that can be stored.
    public static func + (left: Timestamp, milliseconds: Int64) -> Timestamp {
        let (sum, overflows) = left.milliseconds.addingReportingOverflow(milliseconds)
        return Timestamp(milliseconds: overflows ? (milliseconds < 0 ? .min : .max) : sum)
    }

    /// Returns the milliseconds from `right` to `left`, at most as many as can be stored.
    public static func - (left: Timestamp, right: Timestamp) -> Int64 {
        let (difference, overflows) = left.milliseconds.subtractingReportingOverflow(right.milliseconds)
        return overflows ? (right.milliseconds < 0 ? .max : .min) : difference
    }
}

extension Timestamp: CustomStringConvertible {
    public var description: String { rfc3339 }
}
