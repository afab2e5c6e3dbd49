/// Bytes that may leave, which fill up again at a rate. A taker may go as soon as there is any credit, and takes all that
/// it wants: the debt is waited for afterwards, so that on average the rate holds, and a message is never cut.
package struct TokenBucket: Sendable {
    /// Bytes; below zero while somebody's debt is being paid.
    package private(set) var credit: Double = 0
    private var filledAt: ContinuousClock.Instant?
    private var rate: Int?

    /// Credit that an idle line saves up, in seconds of its rate: one second of what cameras send leaves at once.
    private static let saved = 1.0

    package init() {}

    /// - Parameter rate: bytes a second since the last call; `nil`: without limit.
    package mutating func fill(to rate: Int?, at now: ContinuousClock.Instant) {
        defer { (filledAt, self.rate) = (max(filledAt ?? now, now), rate) }
        guard let rate else { return }
        guard self.rate != nil, let filledAt else {
            // A limit begins to hold.
            credit = Double(rate) * Self.saved
            return
        }
        let seconds = max(0, filledAt.duration(to: now) / .seconds(1))
        credit = min(Double(rate) * Self.saved, credit + Double(rate) * seconds)
    }

    /// Takes bytes if there is credit.
    ///
    /// - Returns: `nil` when they may go; else how long until there is credit.
    package mutating func take(_ bytes: Int) -> Duration? {
        guard let rate else { return nil }
        guard credit > 0 else { return .milliseconds(Int(-credit * 1_000 / Double(rate)) + 1) }
        credit -= Double(bytes)
        return nil
    }
}
