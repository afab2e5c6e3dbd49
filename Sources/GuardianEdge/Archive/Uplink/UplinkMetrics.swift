import GuardianOperations

/// The uplink's metrics.
struct UplinkMetrics: Sendable {
    let sent: [UplinkScheduler.Urgency: Counter]
    let limit: Gauge
    let waiting: Gauge
    let backlogHeld: Gauge
    let storedAge: Gauge

    init(_ registry: MetricsRegistry) {
        sent = Dictionary(
            uniqueKeysWithValues: UplinkScheduler.Urgency.allCases.map { urgency in
                (
                    urgency,
                    registry.counter(
                        "guardian_archive_sent_bytes_total", help: "Sealed bytes sent to the archive.",
                        labels: ["urgency": urgency.rawValue])
                )
            })
        limit = registry.gauge(
            "guardian_archive_limit_bits_per_second", help: "The archive's bandwidth limit now; 0: no limit.")
        waiting = registry.gauge(
            "guardian_archive_paced", help: "1 while sealed bytes wait for their turn on the uplink.")
        backlogHeld = registry.gauge(
            "guardian_archive_backlog_held", help: "1 while the backlog waits for the end of a bandwidth window.")
        storedAge = registry.gauge(
            "guardian_archive_stored_age_seconds",
            help: "Since the node last stored bytes of the archive; 0 while nothing is being sent.")
    }
}
