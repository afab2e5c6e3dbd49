import CoreMetrics
import Synchronization

/// Brings the metrics that libraries report through swift-metrics into a registry, as `guardian_library_…`.
///
/// Libraries choose names and labels, so that both are bounded: at most `limit` label sets at a time. What comes after
/// them is not recorded, and counted in `guardian_metrics_refused_total`; so is a name that is in use for another kind.
public final class LibraryMetrics: MetricsFactory {
    /// Label sets of all libraries together.
    public static let limit = 200

    private static let isInstalled = Atomic(false)

    private let registry: MetricsRegistry
    private let limit: Int
    private let refused: Counter

    /// - Parameter limit: the number of label sets that are recorded.
    package init(_ registry: MetricsRegistry, limit: Int = LibraryMetrics.limit) {
        self.registry = registry
        self.limit = limit
        refused = registry.counter(
            "guardian_metrics_refused_total", help: "Metrics of libraries that were not recorded.")
    }

    /// Sends the metrics of all libraries in this process to `registry`. swift-metrics can be told so once only: the
    /// first registry gets them, and further calls do nothing.
    public static func install(_ registry: MetricsRegistry) {
        guard !isInstalled.exchange(true, ordering: .acquiringAndReleasing) else { return }
        MetricsSystem.bootstrap(LibraryMetrics(registry))
    }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        LibraryCounter(slot(label, "_total", .counter, dimensions, make: Counter.init))
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        LibraryGauge(slot(label, "", .gauge, dimensions, make: Gauge.init))
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return LibraryGauge(slot(label, "", .gauge, dimensions, make: Gauge.init)) }
        return LibraryHistogram(
            slot(label, "_values", .histogram, dimensions) { Histogram(bounds: Histogram.magnitudes) })
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        LibraryHistogram(slot(label, "_seconds", .histogram, dimensions) { Histogram(bounds: Histogram.seconds) })
    }

    public func destroyCounter(_ handler: any CounterHandler) { remove((handler as? LibraryCounter)?.slot) }
    public func destroyMeter(_ handler: any MeterHandler) { remove((handler as? LibraryGauge)?.slot) }
    public func destroyRecorder(_ handler: any RecorderHandler) {
        remove((handler as? LibraryGauge)?.slot)
        remove((handler as? LibraryHistogram)?.slot)
    }
    public func destroyTimer(_ handler: any TimerHandler) { remove((handler as? LibraryHistogram)?.slot) }

    private func slot<Metric: Exposable>(
        _ label: String, _ suffix: String, _ kind: MetricsRegistry.Kind, _ dimensions: [(String, String)],
        make: () -> Metric
    ) -> MetricSlot<Metric> {
        let name = "guardian_library_" + LibraryName.metric(label) + suffix
        let labels = LibraryName.labels(dimensions)
        let metric = registry.foreign(
            name, help: "Reported by a library.", kind: kind, labels: labels, isFull: { $0 >= limit }, make: make)
        if metric == nil { refused.increment() }
        return MetricSlot(name: name, labels: labels, metric: metric)
    }

    private func remove<Metric: Exposable>(_ slot: MetricSlot<Metric>?) {
        guard let slot, let metric = slot.metric else { return }
        registry.removeForeign(slot.name, labels: slot.labels, metric: metric)
    }
}

/// Rules for the names that libraries choose.
enum LibraryName {
    private static let maximum = 80
    private static let labelCount = 5

    /// Returns a part of a metric's name: lower-case letters, digits and underscores, as Prometheus' names have them.
    static func metric(_ label: String) -> String {
        String(
            label.unicodeScalars.prefix(maximum).map { scalar in
                switch scalar {
                case "a"..."z", "0"..."9": Character(scalar)
                case "A"..."Z": Character(scalar.properties.lowercaseMapping)
                default: "_"
                }
            })
    }

    /// Returns the first labels with names that Prometheus accepts and long values cut; of equal names, the last one counts.
    static func labels(_ dimensions: [(String, String)]) -> [String: String] {
        var labels: [String: String] = [:]
        for (key, value) in dimensions.prefix(labelCount) {
            // A name may not begin with a digit, two underscores are Prometheus' own, and so is `le` in histograms.
            let name = metric(key)
            let isOurs = name.first.map { $0.isLetter && name != "le" } ?? false
            labels[isOurs ? name : "label_" + name] = String(value.unicodeScalars.prefix(maximum))
        }
        return labels
    }
}

/// Where the registry keeps a metric.
private struct MetricSlot<Metric: Exposable>: Sendable {
    let name: String
    let labels: [String: String]
    /// `nil` when it was refused.
    let metric: Metric?
}

private final class LibraryCounter: CounterHandler {
    let slot: MetricSlot<Counter>

    init(_ slot: MetricSlot<Counter>) { self.slot = slot }

    func increment(by amount: Int64) { slot.metric?.increment(by: Int(clamping: amount)) }
    func reset() { slot.metric?.reset() }
}

private final class LibraryGauge: MeterHandler, RecorderHandler {
    let slot: MetricSlot<Gauge>

    init(_ slot: MetricSlot<Gauge>) { self.slot = slot }

    func set(_ value: Int64) { slot.metric?.set(Double(value)) }
    func set(_ value: Double) { slot.metric?.set(value) }
    func increment(by amount: Double) { slot.metric?.add(amount) }
    func decrement(by amount: Double) { slot.metric?.add(-amount) }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }
}

private final class LibraryHistogram: RecorderHandler, TimerHandler {
    let slot: MetricSlot<Histogram>

    init(_ slot: MetricSlot<Histogram>) { self.slot = slot }

    func record(_ value: Int64) { record(Double(value)) }

    /// Leaves out what is no number: the sum would never be one again.
    func record(_ value: Double) {
        if value.isFinite { slot.metric?.observe(value) }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
}
