import GuardianOperations

/// What the node counts of entries.
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
        let taken = verdicts.count(where: \.isStored)
        stored.increment(by: taken)
        refused.increment(by: verdicts.count - taken)
    }
}
