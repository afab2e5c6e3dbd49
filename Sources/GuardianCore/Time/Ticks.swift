/// A point on a stream's timeline, or the length of a part of it, in ticks of 1/90,000 s: RTP's clock for video (RFC 3551,
/// 4.5) and the timescale of the MP4 that we write. Milliseconds of the same timeline are a `MediaTime`.
///
/// Arithmetic stops at the largest and the smallest number instead of overflowing: cameras and files send any times.
public struct Ticks: Hashable, Comparable, Sendable, AdditiveArithmetic, ExpressibleByIntegerLiteral {
    /// Ticks of one second.
    public static let perSecond: Int64 = 90_000

    public var count: Int64

    public init(_ count: Int64) { self.count = count }

    public init(integerLiteral count: Int64) { self.count = count }

    /// Returns the ticks of so many seconds, rounded to the nearest.
    public static func seconds(_ seconds: Double) -> Ticks {
        let count = (seconds * Double(perSecond)).rounded()
        return Ticks(Int64(exactly: count) ?? (count < 0 ? .min : .max))
    }

    public static func < (left: Ticks, right: Ticks) -> Bool { left.count < right.count }

    public static func + (left: Ticks, right: Ticks) -> Ticks {
        let (sum, isTooFar) = left.count.addingReportingOverflow(right.count)
        return Ticks(isTooFar ? (right.count < 0 ? .min : .max) : sum)
    }

    public static func - (left: Ticks, right: Ticks) -> Ticks {
        let (difference, isTooFar) = left.count.subtractingReportingOverflow(right.count)
        return Ticks(isTooFar ? (left < right ? .min : .max) : difference)
    }

    public static prefix func - (ticks: Ticks) -> Ticks { .zero - ticks }

    public static func * (ticks: Ticks, factor: Int) -> Ticks {
        let (product, isTooFar) = ticks.count.multipliedReportingOverflow(by: Int64(factor))
        return Ticks(isTooFar ? ((ticks.count < 0) == (factor < 0) ? .max : .min) : product)
    }

    /// Divides, rounded toward zero; by 0 nothing is divided.
    public static func / (ticks: Ticks, divisor: Int) -> Ticks {
        let (quotient, isTooFar) = ticks.count.dividedReportingOverflow(by: Int64(divisor))
        return Ticks(isTooFar && divisor != 0 ? .max : quotient)
    }

    /// The same distance from 0, not negative.
    public var magnitude: Ticks { self < .zero ? -self : self }
}

// MARK: - Ticks and milliseconds

extension MediaTime {
    /// Ticks of one millisecond.
    fileprivate static let ticks = Ticks.perSecond / 1000

    /// Converts ticks to milliseconds, rounded down.
    public init(_ ticks: Ticks) {
        let (quotient, rest) = ticks.count.quotientAndRemainder(dividingBy: Self.ticks)
        self.init(milliseconds: rest < 0 ? quotient - 1 : quotient)
    }
}

extension Ticks {
    /// The first tick of a millisecond.
    public init(_ time: MediaTime) { self = Ticks(time.milliseconds) * Int(MediaTime.ticks) }

    /// The last tick of a millisecond: the one before the next millisecond's first.
    public init(lastOf time: MediaTime) { self = Ticks(time) + Ticks(MediaTime.ticks - 1) }

    /// Converts a duration to ticks, rounded toward zero.
    public init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let rest = attoseconds / 1_000_000_000 * 9 / 100_000
        self = Ticks(seconds) * Int(Ticks.perSecond) + Ticks(rest)
    }
}

extension Duration {
    /// Converts ticks to a duration, rounded toward zero to a nanosecond.
    public init(_ ticks: Ticks) {
        let (seconds, rest) = ticks.count.quotientAndRemainder(dividingBy: Ticks.perSecond)
        self = .seconds(seconds) + .nanoseconds(rest * 100_000 / 9)
    }
}
