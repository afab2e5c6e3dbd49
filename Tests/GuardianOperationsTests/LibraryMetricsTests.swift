import CoreMetrics
import GuardianOperations
import Testing

// Nothing here calls `MetricsSystem.bootstrap`, which a process may do once only.
@Suite("Metrics of libraries")
struct LibraryMetricsTests {
    private let registry = MetricsRegistry()

    /// The text's lines without comments, and without the count of what was refused.
    private var lines: [String] {
        registry.exposition().split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix("#") && !$0.hasPrefix("guardian_metrics_refused_total") }
    }

    private var refused: String? {
        registry.exposition().split(separator: "\n").last { $0.hasPrefix("guardian_metrics_refused_total ") }
            .map(String.init)
    }

    @Test("stand beside ours, with their kind and unit")
    func kinds() {
        let libraries = LibraryMetrics(registry)
        registry.gauge("guardian_queue", help: "Waiting.").set(1)
        let counter = CoreMetrics.Counter(label: "http.requests", dimensions: [("path", "/a\"b")], factory: libraries)
        counter.increment(by: 2)
        CoreMetrics.Counter(label: "http.requests", dimensions: [("path", "/a\"b")], factory: libraries).increment()
        CoreMetrics.FloatingPointCounter(label: "work", factory: libraries).increment(by: 2.5)
        let meter = CoreMetrics.Meter(label: "Pool-Size", factory: libraries)
        meter.set(5)
        meter.decrement(by: 1.5)
        CoreMetrics.Gauge(label: "open", factory: libraries).record(7)
        CoreMetrics.Recorder(label: "bytes", factory: libraries).record(50)
        CoreMetrics.Timer(label: "call", factory: libraries).recordMilliseconds(200)
        let lines = lines
        for line in [
            "guardian_queue 1", "guardian_library_http_requests_total{path=\"/a\\\"b\"} 3",
            "guardian_library_work_total 2", "guardian_library_pool_size 3.5", "guardian_library_open 7",
            "guardian_library_bytes_values_bucket{le=\"10\"} 0", "guardian_library_bytes_values_bucket{le=\"100\"} 1",
            "guardian_library_bytes_values_sum 50", "guardian_library_call_seconds_bucket{le=\"0.1\"} 0",
            "guardian_library_call_seconds_bucket{le=\"0.25\"} 1", "guardian_library_call_seconds_sum 0.2",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        #expect(registry.exposition().contains("# TYPE guardian_library_http_requests_total counter\n"))
        #expect(refused == "guardian_metrics_refused_total 0")
        counter.reset()
        #expect(self.lines.contains("guardian_library_http_requests_total{path=\"/a\\\"b\"} 0"))
    }

    @Test("are recorded up to the limit; those after it are counted, and a removed one makes room")
    func limit() {
        let libraries = LibraryMetrics(registry, limit: 3)
        let counters = (0..<10).map {
            CoreMetrics.Counter(label: "requests", dimensions: [("id", "\($0)")], factory: libraries)
        }
        for counter in counters { counter.increment() }
        #expect(lines == (0..<3).map { "guardian_library_requests_total{id=\"\($0)\"} 1" })
        #expect(refused == "guardian_metrics_refused_total 7")
        counters[1].destroy()
        CoreMetrics.Timer(label: "late", factory: libraries).recordSeconds(1)
        counters[1].increment()
        #expect(!lines.contains { $0.contains("id=\"1\"") })
        #expect(lines.contains("guardian_library_late_seconds_sum 1"))
        // Ours are never refused.
        registry.counter("guardian_events_total", help: "Events.").increment()
        #expect(lines.contains("guardian_events_total 1"))
    }

    @Test("have names and labels that Prometheus reads, whatever a library calls them")
    func names() {
        let libraries = LibraryMetrics(registry)
        let long = String(repeating: "ä", count: 1000)
        let dimensions = [("le", "1"), ("9", "2"), ("__name__", "x\n\\"), ("", "4"), ("Größe", long), ("sixth", "6")]
        CoreMetrics.Counter(label: "a b\n{}\"#" + long, dimensions: dimensions, factory: libraries).increment()
        let counter = lines.first ?? ""
        #expect(lines.count == 1)
        #expect(counter.hasPrefix("guardian_library_a_b__________"))
        #expect(counter.utf8.count < 600)
        for label in ["label_le=\"1\"", "label_9=\"2\"", "label___name__=\"x\\n\\\\\"", "label_=\"4\"", "gr__e=\"ä"] {
            #expect(counter.contains(label), "\(label)")
        }
        #expect(!counter.contains("sixth"))
    }

    @Test("of one name and two kinds keep the first kind")
    func twoKinds() {
        let libraries = LibraryMetrics(registry)
        CoreMetrics.Counter(label: "a", factory: libraries).increment()
        CoreMetrics.Meter(label: "a_total", factory: libraries).set(5)
        #expect(lines == ["guardian_library_a_total 1"])
        #expect(refused == "guardian_metrics_refused_total 1")
    }

    @Test("with absurd numbers neither stop the process nor spoil a sum")
    func absurd() {
        let libraries = LibraryMetrics(registry)
        let counter = CoreMetrics.Counter(label: "a", factory: libraries)
        for _ in 0..<3 { counter.increment(by: Int64.max) }
        counter.increment(by: -5)
        let recorder = CoreMetrics.Recorder(label: "b", factory: libraries)
        for value in [Double.nan, .infinity, 2] { recorder.record(value) }
        CoreMetrics.Timer(label: "c", factory: libraries).recordNanoseconds(.max)
        #expect(lines.contains("guardian_library_a_total \(Int.max)"))
        #expect(lines.contains("guardian_library_b_values_sum 2"))
        #expect(lines.contains("guardian_library_c_seconds_count 1"))
    }
}
