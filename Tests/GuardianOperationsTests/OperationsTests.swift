import Foundation
import GuardianCore
import GuardianOperations
import GuardianTestKit
import Logging
import Synchronization
import Testing

@Suite("Retries")
struct RetryTests {
    @Test("the ceiling of a wait doubles up to its limit")
    func ceilings() {
        let backoff = Backoff(base: .milliseconds(100), limit: .seconds(1))
        let expected: [Duration] = [100, 200, 400, 800, 1000, 1000].map { .milliseconds($0) }
        #expect((1...6).map { backoff.ceiling(after: $0) } == expected)
        for attempt in 1...200 {
            #expect(backoff.delay(after: attempt) <= backoff.ceiling(after: attempt))
        }
    }

    @Test("a temporary error is retried until it succeeds")
    func passes() async throws {
        let clock = TestClock(stepping: true)
        let value = try await Retry().run(monotonic: clock) { attempt in
            if attempt < 4 { throw GuardianError(.unavailable, "away") }
            return attempt
        }
        #expect(value == 4)
        #expect(clock.waits.count == 3)
    }

    @Test("a permanent error is thrown at once")
    func permanent() async {
        let clock = TestClock(stepping: true)
        let failure = await #expect(throws: GuardianError.self) {
            try await Retry().run(monotonic: clock) { _ in throw GuardianError(.invalidArgument, "no") }
        }
        #expect(failure?.code == .invalidArgument)
        #expect(clock.waits.isEmpty)
    }

    @Test("no try begins after the deadline")
    func deadline() async {
        let clock = TestClock(stepping: true)
        let start = clock.now()
        await #expect(throws: GuardianError.self) {
            try await Retry(deadline: .seconds(5)).run(monotonic: clock) { _ in
                throw GuardianError(.unavailable, "away")
            }
        }
        #expect(clock.elapsed(since: start) < .seconds(5))
        #expect(!clock.waits.isEmpty)
    }

    @Test("a blocking call is tried again as well")
    func blocking() throws {
        let retry = Retry(backoff: Backoff(base: .microseconds(10), limit: .microseconds(100)))
        let value = try retry.runBlocking { attempt in
            if attempt < 3 { throw GuardianError(.aborted, "busy") }
            return attempt
        }
        #expect(value == 3)
    }
}

@Suite("Logs")
struct LogTests {
    @Test("a line is one JSON object with time, level, message and metadata")
    func line() throws {
        let lines = Mutex<[[UInt8]]>([])
        var handler = JSONLogHandler(
            process: "edge", label: "test", level: .info,
            output: LogOutput { bytes in lines.withLock { $0.append(bytes) } })
        handler[metadataKey: "camera"] = "front"
        let logger = Logger(label: "test") { _ in handler }
        logger.warning("lost \"it\"\n\u{1}", metadata: ["tries": "3", "password": "\(Secret("hunter2"))"])
        let bytes = try #require(lines.withLock { $0.first })
        #expect(bytes.last == 0x0A)
        #expect(bytes.filter { $0 == 0x0A }.count == 1)
        let object = try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: String])
        #expect(object["message"] == "lost \"it\"\n\u{1}")
        #expect(object["level"] == "warning")
        #expect(object["camera"] == "front")
        #expect(object["tries"] == "3")
        #expect(object["password"] == "…")
        #expect(Timestamp(rfc3339: try #require(object["time"])) != nil)
    }

    @Test("metadata whose name the line has itself stays, under another name, and holds no credentials")
    func reserved() throws {
        let lines = Mutex<[[UInt8]]>([])
        let handler = JSONLogHandler(
            process: "edge", label: "test", level: .info,
            output: LogOutput { bytes in lines.withLock { $0.append(bytes) } })
        let logger = Logger(label: "test") { _ in handler }
        let names = ["time", "level", "process", "label", "message"]
        var metadata = Logger.Metadata(uniqueKeysWithValues: names.map { ($0, "its \($0)") })
        metadata["url"] = "rtsp://u:hunter2@h/x?password=hunter2"
        logger.info("seen", metadata: metadata)
        let bytes = try #require(lines.withLock { $0.first })
        let object = try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: String])
        for name in names { #expect(object["metadata.\(name)"] == "its \(name)") }
        #expect(object["label"] == "test" && object["level"] == "info" && object["message"] == "seen")
        #expect(object["url"] == "rtsp://…@h/x?password=…")
        #expect(object.count == 11)
    }

    @Test(
        "credentials in a URL are taken out of a text",
        arguments: [
            ("cannot open rtsp://user:hunter2@host:554/main: refused", "cannot open rtsp://…@host:554/main: refused"),
            ("rtsp://u:p@ss@host/ and http://a@b/", "rtsp://…@host/ and http://…@b/"),
            ("rtsp://host/path", "rtsp://host/path"),
            ("rtsp://u:a/b?c#d@host/: refused", "rtsp://…@host/: refused"),
            ("rtsp://h/live?user=admin&password=hunter2&ch=1", "rtsp://h/live?user=admin&password=…&ch=1"),
            ("rtsp://h/user=admin_password=hunter2_ch=1.sdp?real", "rtsp://h/user=admin_password=…"),
            ("http://h/x?PWD=hunter2 of http://h/?A_Token=hunter2", "http://h/x?PWD=… of http://h/?A_Token=…"),
        ])
    func redaction(text: String, expected: String) {
        #expect(Redaction.redact(text) == expected)
    }
}

@Suite("Metrics")
struct MetricsTests {
    @Test("of something that is gone are no longer shown")
    func removal() {
        let registry = MetricsRegistry()
        for camera in ["front", "yard"] {
            registry.gauge("guardian_live", help: "Live.", labels: ["camera": camera]).set(1)
        }
        registry.remove(label: "camera", "yard")
        let text = registry.exposition()
        #expect(text.contains(#"guardian_live{camera="front"} 1"#) && !text.contains("yard"))
        registry.gauge("guardian_live", help: "Live.", labels: ["camera": "yard"]).set(0)
        #expect(registry.exposition().contains(#"guardian_live{camera="yard"} 0"#))
    }

    @Test("metrics are written as Prometheus text")
    func exposition() {
        let registry = MetricsRegistry()
        registry.counter("guardian_events_total", help: "Events.", labels: ["camera": "a\"b"]).increment(by: 2)
        registry.counter("guardian_events_total", help: "Events.", labels: ["camera": "a\"b"]).increment()
        registry.gauge("guardian_queue", help: "Waiting.").set(1.5)
        registry.histogram("guardian_look_seconds", help: "A look.", bounds: [0.1, 1]).observe(0.5)
        #expect(
            registry.exposition() == """
                # HELP guardian_events_total Events.
                # TYPE guardian_events_total counter
                guardian_events_total{camera="a\\"b"} 3
                # HELP guardian_look_seconds A look.
                # TYPE guardian_look_seconds histogram
                guardian_look_seconds_bucket{le="0.1"} 0
                guardian_look_seconds_bucket{le="1"} 1
                guardian_look_seconds_bucket{le="+Inf"} 1
                guardian_look_seconds_sum 0.5
                guardian_look_seconds_count 1
                # HELP guardian_queue Waiting.
                # TYPE guardian_queue gauge
                guardian_queue 1.5

                """)
    }

    @Test("a quantile is the bound under which that share lies")
    func quantiles() {
        let histogram = MetricsRegistry().histogram("guardian_x", help: "x", bounds: [1, 2, 4])
        #expect(histogram.quantile(0.5) == nil)
        for value in [0.5, 0.6, 1.5, 3] { histogram.observe(value) }
        #expect(histogram.quantile(0.5) == 1)
        #expect(histogram.quantile(0.75) == 2)
        #expect(histogram.quantile(0.99) == 4)
    }
}
