import GuardianOperations

/// Counters of received entries.
struct ReceptionMetrics: Sendable {
    private let stored: Counter
    private let refused: Counter

    init(_ registry: MetricsRegistry) {
        stored = registry.counter(
            "guardian_node_entries_total", help: "Journal entries received, by outcome.",
            labels: ["outcome": "stored"])
        refused = registry.counter(
            "guardian_node_entries_total", help: "Journal entries received, by outcome.",
            labels: ["outcome": "refused"])
    }

    func count(_ verdicts: [Verdict]) {
        let accepted = verdicts.count(where: \.isStored)
        stored.increment(by: accepted)
        refused.increment(by: verdicts.count - accepted)
    }
}
