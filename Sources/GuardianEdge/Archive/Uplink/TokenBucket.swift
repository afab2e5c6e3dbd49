/// A token bucket whose credit may become negative. A message is sent whole as soon as there is any credit; the next one
/// waits until the debt is refilled. On average the rate is kept, and no message is split.
package struct TokenBucket: Sendable {
    /// Bytes that may be sent; negative after a message that was larger than the credit.
    package private(set) var credit: Double = 0
    private var filledAt: ContinuousClock.Instant?
    private var rate: Int?

    /// Most credit that accumulates, in seconds of the rate: one second of video can be sent at once.
    private static let burst = 1.0

    package init() {}

    /// Adds the credit for the time since the last call.
    ///
    /// - Parameter rate: bytes per second; `nil`: unlimited.
    package mutating func fill(to rate: Int?, at now: ContinuousClock.Instant) {
        defer { (filledAt, self.rate) = (max(filledAt ?? now, now), rate) }
        guard let rate else { return }
        guard self.rate != nil, let filledAt else {
            // A limit comes into effect.
            credit = Double(rate) * Self.burst
            return
        }
        let seconds = max(0, filledAt.duration(to: now) / .seconds(1))
        credit = min(Double(rate) * Self.burst, credit + Double(rate) * seconds)
    }

    /// Takes credit for a message if there is any.
    ///
    /// - Returns: `nil` when the message may be sent; otherwise the time until there is credit.
    package mutating func take(_ bytes: Int) -> Duration? {
        guard let rate else { return nil }
        guard credit > 0 else { return .milliseconds(Int(-credit * 1_000 / Double(rate)) + 1) }
        credit -= Double(bytes)
        return nil
    }
}
