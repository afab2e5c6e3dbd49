import Synchronization

/// A process's metrics and their Prometheus text form, version 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
///
/// The same name and labels always return the same metric. Names follow Prometheus' conventions: `guardian_…`, base
/// units, counters end in `_total`. Metrics of libraries come in through `LibraryMetrics`.
public final class MetricsRegistry: Sendable {
    private let families = Mutex<[String: Family]>([:])
    private let preparations = Mutex<[@Sendable () -> Void]>([])
    private let appendedTexts = Mutex<[@Sendable () -> String]>([])

    public init() {}

    /// Returns a count that only increases.
    public func counter(_ name: String, help: String, labels: [String: String] = [:]) -> Counter {
        member(name, help: help, kind: .counter, labels: labels, make: Counter.init)
    }

    /// Returns a value that goes up and down.
    public func gauge(_ name: String, help: String, labels: [String: String] = [:]) -> Gauge {
        member(name, help: help, kind: .gauge, labels: labels, make: Gauge.init)
    }

    /// Returns a distribution over fixed upper bounds, in rising order.
    public func histogram(
        _ name: String, help: String, bounds: [Double] = Histogram.seconds, labels: [String: String] = [:]
    ) -> Histogram {
        member(name, help: help, kind: .histogram, labels: labels) { Histogram(bounds: bounds) }
    }

    /// Removes our metrics that have this label, in all families: of something that is gone, so that its last values are not
    /// shown for ever. Whoever still holds one of them changes nothing with it.
    public func remove(label: String, _ value: String) {
        families.withLock { families in
            for name in families.keys where families[name]?.isForeign == false {
                guard let family = families[name] else { continue }
                families[name]?.members = family.members.filter { $0.key[label] != value }
            }
        }
    }

    /// Runs `body` before each exposition: for gauges that are computed from other state.
    public func beforeExposition(_ body: @escaping @Sendable () -> Void) { preparations.withLock { $0.append(body) } }

    /// Appends the text of another registry, such as a child process's, to each exposition.
    public func append(_ text: @escaping @Sendable () -> String) { appendedTexts.withLock { $0.append(text) } }

    /// Returns all metrics as text, sorted by name.
    public func exposition() -> String {
        for prepare in preparations.withLock({ $0 }) { prepare() }
        let families = families.withLock { $0 }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text += "# HELP \(name) \(Exposition.help(family.help))\n# TYPE \(name) \(family.kind.rawValue)\n"
            for member in family.members.values.sorted(by: { $0.order < $1.order }) {
                member.metric.write(name: name, labels: member.labels, to: &text)
            }
        }
        return appendedTexts.withLock { $0 }.reduce(text) { $0 + $1() }
    }

    private func member<Metric: Exposable>(
        _ name: String, help: String, kind: Kind, labels: [String: String], make: () -> Metric
    ) -> Metric {
        families.withLock { families in
            var family = families[name] ?? Family(help: help, kind: kind)
            defer { families[name] = family }
            if let metric = family.members[labels]?.metric as? Metric { return metric }
            let metric = make()
            family.add(metric, labels: labels)
            return metric
        }
    }

    /// Returns a metric whose name and labels we have not chosen; `nil` when the name is in use for another kind, or when it
    /// would be a new one and `isFull` says that there are enough.
    func foreign<Metric: Exposable>(
        _ name: String, help: String, kind: Kind, labels: [String: String], isFull: (_ count: Int) -> Bool,
        make: () -> Metric
    ) -> Metric? {
        families.withLock { families in
            var family = families[name] ?? Family(help: help, kind: kind, isForeign: true)
            guard family.isForeign, family.kind == kind else { return nil }
            if let known = family.members[labels] { return known.metric as? Metric }
            let count = families.values.reduce(0) { $0 + ($1.isForeign ? $1.members.count : 0) }
            guard !isFull(count) else { return nil }
            let metric = make()
            family.add(metric, labels: labels)
            families[name] = family
            return metric
        }
    }

    /// Removes what `foreign` returned, if it is still there.
    func removeForeign(_ name: String, labels: [String: String], metric: any Exposable) {
        families.withLock { families in
            guard families[name]?.isForeign == true, families[name]?.members[labels]?.metric === metric else { return }
            families[name]?.members[labels] = nil
            if families[name]?.members.isEmpty == true { families[name] = nil }
        }
    }

    enum Kind: String, Sendable { case counter, gauge, histogram }

    private struct Family: Sendable {
        var help: String
        var kind: Kind
        /// Whether libraries chose its name and labels.
        var isForeign: Bool
        var members: [[String: String]: Member] = [:]
        /// How many have been added, removed ones included.
        private var added = 0

        init(help: String, kind: Kind, isForeign: Bool = false) {
            (self.help, self.kind, self.isForeign) = (help, kind, isForeign)
        }

        mutating func add(_ metric: any Exposable, labels: [String: String]) {
            members[labels] = Member(order: added, labels: labels.sorted { $0.key < $1.key }, metric: metric)
            added += 1
        }
    }

    private struct Member: Sendable {
        var order: Int
        var labels: [(key: String, value: String)]
        var metric: any Exposable
    }
}
