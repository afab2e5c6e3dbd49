import GuardianCore

/// A bounded time: what a request leaves open is filled in from now.
public struct Span: Sendable, Hashable {
    public let from: Timestamp
    public let to: Timestamp

    /// The last moment that RFC 3339 can name.
    static let end = Timestamp(milliseconds: 253_402_300_799_999)

    /// Steps that a density may have.
    static let steps: Int64 = 2000

    /// Whether no moment is in it.
    public var isEmpty: Bool { from >= to }

    /// A step of so many seconds, or the shortest one in which the span has not more steps than it may.
    func step(atLeast seconds: Int64) -> Int64 {
        let thousandths = Self.steps * 1000
        return max(seconds, (max(0, to - from) + thousandths - 1) / thousandths)
    }

    /// - Parameter hours: how long it is when the request says no `from`.
    public init(from: Timestamp?, to: Timestamp?, now: Timestamp, hours: Int64) {
        let end = to ?? min(max(now, (from ?? now) + 1), Self.end)
        self.to = end
        self.from = from ?? end + -(hours * 3_600_000)
    }
}
