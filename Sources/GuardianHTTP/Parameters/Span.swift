import GuardianCore

/// A time range with both bounds; bounds that a request leaves out are derived from the current time.
public struct Span: Sendable, Hashable {
    public let from: Timestamp
    public let to: Timestamp

    /// The last time that RFC 3339 can express.
    static let end = Timestamp(milliseconds: 253_402_300_799_999)

    /// The most steps that a density may have.
    static let steps: Int64 = 2000

    /// Whether it contains no time.
    public var isEmpty: Bool { from >= to }

    /// Returns a step in seconds: `seconds`, or the shortest step with which the span has at most `steps` steps.
    func step(atLeast seconds: Int64) -> Int64 {
        let thousandths = Self.steps * 1000
        return max(seconds, (max(0, to - from) + thousandths - 1) / thousandths)
    }

    /// - Parameter hours: the length of the span when the request has no `from`.
    public init(from: Timestamp?, to: Timestamp?, now: Timestamp, hours: Int64) {
        let end = to ?? min(max(now, (from ?? now) + 1), Self.end)
        self.to = end
        self.from = from ?? end + -(hours * 3_600_000)
    }
}
