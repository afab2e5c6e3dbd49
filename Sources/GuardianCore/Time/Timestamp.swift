import Foundation

/// A moment in UTC as whole milliseconds since 1970-01-01T00:00:00Z: the resolution of everything we keep and send.
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

    /// Later by so many milliseconds.
    public static func + (left: Timestamp, milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: left.milliseconds + milliseconds)
    }

    /// Milliseconds from `right` to `left`.
    public static func - (left: Timestamp, right: Timestamp) -> Int64 { left.milliseconds - right.milliseconds }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with milliseconds: `2026-11-24T06:34:22.118Z`.
    public var rfc3339: String {
        date.formatted(Self.style)
    }

    public var description: String { rfc3339 }

    /// Reads RFC 3339 with any offset, with or without a fraction of a second; `nil` when it is not one, or lies
    /// outside the years 1970 to 9999.
    public init?(rfc3339 text: String) {
        guard text.utf8.count <= 40, let date = (try? Self.style.parse(text)) ?? (try? Self.plain.parse(text)) else {
            return nil
        }
        let range = 0.0..<253_402_300_800.0
        guard range.contains(date.timeIntervalSince1970) else { return nil }
        self.init(date)
    }

    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    private static let plain = Date.ISO8601FormatStyle()
}
