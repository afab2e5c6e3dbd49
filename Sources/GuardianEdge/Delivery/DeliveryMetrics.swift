import GuardianOperations

/// The delivery's metrics.
struct DeliveryMetrics: Sendable {
    let connected: Gauge
    let waiting: Gauge
    let acknowledged: Counter
    let refused: Counter
    let connections: Counter
    /// From sending an entry to the node's answer.
    let answering: Histogram

    init(_ registry: MetricsRegistry) {
        connected = registry.gauge("guardian_delivery_connected", help: "1 while the node accepts entries.")
        waiting = registry.gauge("guardian_outbox_entries", help: "Journal entries that the node has not acknowledged.")
        acknowledged = registry.counter(
            "guardian_delivery_entries_total", help: "Journal entries that the node answered for, by outcome.",
            labels: ["outcome": "acknowledged"])
        refused = registry.counter(
            "guardian_delivery_entries_total", help: "Journal entries that the node answered for, by outcome.",
            labels: ["outcome": "refused"])
        connections = registry.counter("guardian_delivery_connections_total", help: "Streams that the node greeted.")
        answering = registry.histogram(
            "guardian_delivery_answer_seconds", help: "From sending an entry to the node's answer.")
    }
}
