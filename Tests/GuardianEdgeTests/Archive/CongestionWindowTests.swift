import GuardianEdge
import Testing

@Suite("The congestion window of a part")
struct CongestionWindowTests {
    /// Simulates a connection of `rate` bytes a second with a round trip of `delay` and a queue that never drops. There
    /// is always something to send.
    private func run(rate: Int, delay: Duration, seconds: Int) -> (
        window: CongestionWindow, longest: Duration, sent: Int64
    ) {
        let start = ContinuousClock.now
        var window = CongestionWindow(from: 0)
        var (sent, busyUntil, now) = (Int64(0), start, start)
        var inFlight: [(end: Int64, sentAt: ContinuousClock.Instant, at: ContinuousClock.Instant)] = []
        var longest = Duration.zero
        while now < start + .seconds(seconds) {
            if window.hasRoom {
                let bytes = max(4_096, min(window.piece, 512 << 10))
                sent += Int64(bytes)
                busyUntil = max(busyUntil, now) + .seconds(Double(bytes) / Double(rate))
                window.depart(upTo: sent, at: now)
                inFlight.append((sent, now, busyUntil + delay))
            } else {
                let next = inFlight.removeFirst()
                now = max(now, next.at)
                if now > start + .seconds(seconds / 2) { longest = max(longest, next.sentAt.duration(to: now) - delay) }
                window.acknowledge(next.end, at: now)
            }
        }
        return (window, longest, sent)
    }

    @Test(
        "stays small on a slow connection, so that new data waits little, and still fills it",
        arguments: [(64_000, 20), (64_000, 600), (250_000, 40), (1_250_000, 30)])
    func slow(_ rate: Int, _ delay: Int) {
        let (window, longest, sent) = run(rate: rate, delay: .milliseconds(delay), seconds: 120)
        #expect(longest < .seconds(2), "\(longest), a window of \(window.size)")
        #expect(Double(sent) > 0.8 * Double(rate) * 120, "\(sent) bytes")
    }

    @Test("grows on a fast connection to the memory limit", arguments: [1, 20])
    func fast(_ delay: Int) {
        let window = run(rate: 100_000_000, delay: .milliseconds(delay), seconds: 10).window
        #expect(window.size == CongestionWindow.most)
    }

    @Test("halves when an acknowledgement is late, once for what was sent before, down to the least size")
    func late() {
        let start = ContinuousClock.now
        var window = CongestionWindow(from: 0, known: 64 << 10)
        window.depart(upTo: 1_000, at: start)
        window.acknowledge(1_000, at: start + .milliseconds(20))
        let size = window.size
        window.depart(upTo: 2_000, at: start)
        window.depart(upTo: 3_000, at: start)
        window.acknowledge(2_000, at: start + .milliseconds(400))
        #expect(window.size == size / 2)
        window.acknowledge(3_000, at: start + .milliseconds(500))
        #expect(window.size == size / 2)
        for step in Int64(4)..<20 {
            let sent = start + .seconds(step)
            window.depart(upTo: step * 1_000, at: sent)
            window.acknowledge(step * 1_000, at: sent + .milliseconds(400))
        }
        #expect(window.size == CongestionWindow.least)
    }

    @Test("knows since when an acknowledgement is due: since the first byte, then since the last one")
    func owed() {
        let start = ContinuousClock.now
        var window = CongestionWindow(from: 100)
        #expect(window.unacknowledgedSince == nil && window.underWay == 0)
        window.depart(upTo: 200, at: start)
        window.depart(upTo: 300, at: start + .seconds(1))
        #expect(window.unacknowledgedSince == start)
        window.acknowledge(200, at: start + .seconds(2))
        #expect(window.unacknowledgedSince == start + .seconds(2) && window.underWay == 100)
        // A repeated acknowledgement changes nothing.
        window.acknowledge(200, at: start + .seconds(3))
        #expect(window.unacknowledgedSince == start + .seconds(2))
        window.acknowledge(300, at: start + .seconds(4))
        #expect(window.unacknowledgedSince == nil && window.underWay == 0)
    }

    @Test("doubles the timeout of a node that was too slow with each try, up to a minute")
    func patience() {
        let patience = LinkTimeouts()
        #expect(
            (0..<5).map { patience.after(failures: $0).acknowledgement } == [10, 20, 40, 60, 60].map { .seconds($0) })
        #expect(patience.after(failures: 1_000).acceptance == patience.acceptance)
    }
}
