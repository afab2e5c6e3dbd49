import GuardianCore
import GuardianOperations

/// What a process uses a certificate for.
package enum CertificateUse: String, CaseIterable, Sendable {
    /// Its web server.
    case web
    /// Connections of an edge to its node.
    case node

    /// Registers the gauge of the certificates' ends. A certificate that there is not has none.
    package static func register(
        in metrics: MetricsRegistry, _ ends: @escaping @Sendable () -> [CertificateUse: Timestamp]
    ) {
        metrics.beforeExposition {
            for (use, end) in ends() {
                metrics.gauge(
                    "guardian_certificate_end_timestamp_seconds",
                    help: "When a certificate that is in use ends, in seconds since 1970.",
                    labels: ["use": use.rawValue]
                ).set(Double(end.milliseconds / 1_000))
            }
        }
    }
}
