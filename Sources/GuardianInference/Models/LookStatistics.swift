import GuardianOperations
import Synchronization

/// The AI service's metrics.
package final class LookStatistics: Sendable {
    let registry: MetricsRegistry
    private let detections: Counter
    private let dropped: Counter
    private let decoded: Counter
    private let detectorTime: Histogram
    private let lookTime: Histogram
    private let waiting: Gauge
    private let watches: Gauge
    /// Since when calls of the detector wait or run and none has ended; `nil` while there are none.
    private let stalledSince = Mutex<ContinuousClock.Instant?>(nil)

    /// Upper bounds in seconds.
    private static let bounds = [
        0.002, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5,
    ]

    package init(registry: MetricsRegistry) {
        self.registry = registry
        detections = registry.counter("guardian_ai_detections_total", help: "Regions that the detector processed.")
        dropped = registry.counter("guardian_ai_packets_dropped_total", help: "Packets dropped as stale.")
        decoded = registry.counter("guardian_ai_pictures_decoded_total", help: "Frames decoded.")
        detectorTime = registry.histogram(
            "guardian_ai_detector_seconds", help: "Duration of one detector call.", bounds: Self.bounds)
        lookTime = registry.histogram(
            "guardian_ai_look_seconds", help: "From a packet's arrival to the observation made from it.",
            bounds: Self.bounds)
        waiting = registry.gauge("guardian_ai_queue", help: "Detector calls that wait or run now.")
        watches = registry.gauge("guardian_ai_watches", help: "Cameras that are being analysed.")
    }

    func addDetection(pictures: Int, duration: Duration) {
        detections.increment(by: pictures)
        detectorTime.observe(duration / .seconds(1))
    }

    func addLook(latency: Duration) { lookTime.observe(latency / .seconds(1)) }

    /// - Parameter count: the detector's calls that wait or run now, with this one.
    package func callBegan(queue count: Int, at now: ContinuousClock.Instant = .now) {
        waiting.set(Double(count))
        stalledSince.withLock { $0 = $0 ?? now }
    }

    /// - Parameter count: the detector's calls that still wait or run.
    package func callEnded(queue count: Int, at now: ContinuousClock.Instant = .now) {
        waiting.set(Double(count))
        stalledSince.withLock { $0 = count > 0 ? now : nil }
    }

    /// Returns how long calls of the detector have been waiting or running without that one of them has ended.
    package func stall(at now: ContinuousClock.Instant = .now) -> Duration {
        stalledSince.withLock { $0 }.map { $0.duration(to: now) } ?? .zero
    }

    func watching(_ count: Int) { watches.set(Double(count)) }
    func dropped(_ count: Int) { dropped.increment(by: count) }
    func decoded(_ count: Int) { decoded.increment(by: count) }

    package var queue: Int { Int(waiting.value) }
    var watching: Int { Int(watches.value) }
    package var detectionCount: Int { detections.value }
    var droppedCount: Int { dropped.value }

    /// Returns a quantile of the look latency in milliseconds; 0 before the first look.
    func lookQuantile(_ share: Double) -> Double { (lookTime.quantile(share) ?? 0) * 1000 }
}
