import GuardianOperations
import GuardianTelemetry

/// Counters of received telemetry.
struct TelemetryMetrics: Sendable {
    private let stored: Counter
    private let repeated: Counter
    private let refused: Counter

    init(_ registry: MetricsRegistry) {
        func counter(_ outcome: String) -> Counter {
            registry.counter(
                "guardian_node_telemetry_samples_total", help: "Samples of edges' telemetry received, by outcome.",
                labels: ["outcome": outcome])
        }
        stored = counter("stored")
        repeated = counter("repeated")
        refused = counter("refused")
    }

    func count(_ outcome: TelemetryStore.Outcome) {
        stored.increment(by: outcome.added)
        repeated.increment(by: outcome.repeated)
        refused.increment(by: outcome.refused.count)
    }
}
