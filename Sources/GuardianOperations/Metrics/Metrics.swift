import Synchronization

/// A count that only increases.
public final class Counter: Exposable {
    private let count = Atomic<Int>(0)

    /// Adds; stops at `Int.max`. A negative amount counts as 0.
    public func increment(by amount: Int = 1) {
        var known = count.load(ordering: .relaxed)
        while true {
            let (sum, isTooMuch) = known.addingReportingOverflow(max(0, amount))
            let (isDone, now) = count.weakCompareExchange(
                expected: known, desired: isTooMuch ? Int.max : sum, ordering: .relaxed)
            guard !isDone else { return }
            known = now
        }
    }

    /// Begins again at 0, which Prometheus takes for a restart.
    func reset() { count.store(0, ordering: .relaxed) }

    public var value: Int { count.load(ordering: .relaxed) }

    func write(name: String, labels: [(key: String, value: String)], to text: inout String) {
        text += "\(name)\(Exposition.labels(labels)) \(value)\n"
    }
}

/// A value that goes up and down.
public final class Gauge: Exposable {
    private let bits = Atomic<UInt64>(0)

    public func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    /// Adds an amount, which may be negative.
    func add(_ amount: Double) {
        var known = bits.load(ordering: .relaxed)
        while true {
            let sum = (Double(bitPattern: known) + amount).bitPattern
            let (isDone, now) = bits.weakCompareExchange(expected: known, desired: sum, ordering: .relaxed)
            guard !isDone else { return }
            known = now
        }
    }

    public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func write(name: String, labels: [(key: String, value: String)], to text: inout String) {
        text += "\(name)\(Exposition.labels(labels)) \(Exposition.number(value))\n"
    }
}

/// A distribution over fixed upper bounds.
public final class Histogram: Exposable {
    /// From a millisecond to a minute, for durations.
    public static let seconds: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]

    /// From 1 to a billion, for what has no known unit.
    static let magnitudes: [Double] = (0...9).map { exponent in (0..<exponent).reduce(1) { power, _ in power * 10 } }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    public func observe(_ value: Double) {
        let place = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock {
            $0.counts[place] += 1
            $0.sum += value
        }
    }

    /// Returns the upper bound below which the given share of the observations is; the largest bound when the share is
    /// above all of them, `nil` without observations.
    public func quantile(_ share: Double) -> Double? {
        let counts = state.withLock { $0.counts }
        let total = counts.reduce(0, +)
        guard total > 0 else { return nil }
        var seen = 0
        for (index, count) in counts.enumerated() {
            seen += count
            if Double(seen) >= share * Double(total) { return index < bounds.count ? bounds[index] : bounds.last }
        }
        return bounds.last
    }

    func write(name: String, labels: [(key: String, value: String)], to text: inout String) {
        let state = state.withLock { $0 }
        var seen = 0
        for (index, count) in state.counts.enumerated() {
            seen += count
            let bound = index < bounds.count ? Exposition.number(bounds[index]) : "+Inf"
            text += "\(name)_bucket\(Exposition.labels(labels + [("le", bound)])) \(seen)\n"
        }
        text += "\(name)_sum\(Exposition.labels(labels)) \(Exposition.number(state.sum))\n"
        text += "\(name)_count\(Exposition.labels(labels)) \(seen)\n"
    }

    private struct State: Sendable {
        var counts: [Int]
        var sum = 0.0
    }
}

protocol Exposable: AnyObject, Sendable {
    func write(name: String, labels: [(key: String, value: String)], to text: inout String)
}

/// The rules of the text format for labels, help texts and numbers.
enum Exposition {
    static func labels(_ labels: [(key: String, value: String)]) -> String {
        guard !labels.isEmpty else { return "" }
        return "{" + labels.map { "\($0.key)=\"\(escape($0.value))\"" }.joined(separator: ",") + "}"
    }

    static func help(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    static func number(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return "\(value)"
    }

    private static func escape(_ text: String) -> String {
        help(text).replacing("\"", with: "\\\"")
    }
}
