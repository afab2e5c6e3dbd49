import Foundation

extension Timestamp {
    /// The milliseconds of `expressible`. A time that another process or a file names must lie in it: then sums with any
    /// plausible duration (`Plausible`) do not overflow.
    public static let range = expressible.lowerBound.milliseconds...expressible.upperBound.milliseconds

    /// Whether it lies in `range`.
    public var isPlausible: Bool { Self.expressible.contains(self) }

    /// `nil` outside of `range`.
    public init?(plausible milliseconds: Int64) {
        self.init(milliseconds: milliseconds)
        guard isPlausible else { return nil }
    }

    /// Wraps seconds since the Unix epoch as a file or another process gives them; times outside of `range` become its nearest
    /// bound.
    public init(clamping seconds: Double) {
        let milliseconds = (seconds * 1000).rounded()
        let (first, last) = (Double(Self.range.lowerBound), Double(Self.range.upperBound))
        self.init(milliseconds: milliseconds >= first ? Int64(min(milliseconds, last)) : Self.range.lowerBound)
    }
}
