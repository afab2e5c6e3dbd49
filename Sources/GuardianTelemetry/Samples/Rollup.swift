import GuardianCore

/// The values of one series in one step of time. Two of them can be combined exactly, in any order.
public struct Rollup: Hashable, Sendable {
    public private(set) var count: Int64
    /// Stays at the ends of `Int64` where it would leave them.
    public private(set) var sum: Int64
    public private(set) var min: Int64
    public private(set) var max: Int64
    /// The value of the latest sample, by its time.
    public private(set) var last: Int64
    public private(set) var lastAt: Timestamp

    public init(_ value: Int64, at time: Timestamp) {
        self.init(count: 1, sum: value, min: value, max: value, last: value, lastAt: time)
    }

    init(count: Int64, sum: Int64, min: Int64, max: Int64, last: Int64, lastAt: Timestamp) {
        self.count = count
        self.sum = sum
        self.min = min
        self.max = max
        self.last = last
        self.lastAt = lastAt
    }

    public mutating func merge(_ other: Rollup) {
        count = count.addingWithoutOverflow(other.count)
        sum = sum.addingWithoutOverflow(other.sum)
        min = Swift.min(min, other.min)
        max = Swift.max(max, other.max)
        if other.lastAt > lastAt { (last, lastAt) = (other.last, other.lastAt) }
    }

    public func merging(_ other: Rollup) -> Rollup {
        var merged = self
        merged.merge(other)
        return merged
    }
}

extension Int64 {
    func addingWithoutOverflow(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
