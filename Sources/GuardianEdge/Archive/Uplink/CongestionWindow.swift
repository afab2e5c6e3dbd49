/// Limits how many bytes of one part may be unacknowledged: few on a slow connection, so that the next message does not queue
/// behind them, and enough to fill a fast one. The window grows while acknowledgements are prompt and halves when they are
/// late. Late is measured against the shortest time so far, as in LEDBAT (RFC 6817), so that a long but empty path is not
/// taken for a congested one.
package struct CongestionWindow: Sendable {
    package static let least: Int64 = 8 << 10
    package static let most: Int64 = 8 << 20
    /// Accepted queueing delay (LEDBAT's TARGET). RFC 6817 (2.5) allows 100 ms; this one includes the node's disk.
    package static let targetDelay: Duration = .milliseconds(300)

    /// Bytes.
    package private(set) var size: Int64
    private var sent: Int64
    private var acknowledged: Int64
    private var departures: [(end: Int64, at: ContinuousClock.Instant)] = []
    private var shortest: Duration?
    /// Bytes sent when the window was last halved. Late acknowledgements up to here do not halve it again.
    private var halvedAt: Int64 = 0
    /// When the node's next acknowledgement began to be due; `nil` when no bytes are unacknowledged.
    package private(set) var unacknowledgedSince: ContinuousClock.Instant?

    /// - Parameters:
    ///   - durable: bytes that the node has when the stream begins.
    ///   - known: last size of another part's window over the same uplink; capped, since the path may have changed.
    package init(from durable: Int64, known: Int64 = 64 << 10) {
        (sent, acknowledged) = (durable, durable)
        size = min(known, 1 << 20)
    }

    package var underWay: Int64 { sent - acknowledged }
    package var hasRoom: Bool { underWay < size }
    /// Bytes of one message: a quarter of the window.
    package var piece: Int { Int(size / 4) }

    package mutating func depart(upTo end: Int64, at now: ContinuousClock.Instant) {
        if underWay == 0 { unacknowledgedSince = now }
        sent = end
        departures.append((end, now))
    }

    package mutating func acknowledge(_ durable: Int64, at now: ContinuousClock.Instant) {
        guard durable > acknowledged else { return }
        let (newly, wasFilled) = (durable - acknowledged, underWay * 2 >= size)
        acknowledged = min(durable, sent)
        unacknowledgedSince = underWay == 0 ? nil : now
        guard let departure = departures.last(where: { $0.end <= durable }) else { return }
        departures.removeAll { $0.end <= durable }
        let delay = departure.at.duration(to: now)
        shortest = min(shortest ?? delay, delay)
        if delay - (shortest ?? delay) <= Self.targetDelay {
            if wasFilled { size = min(Self.most, size + newly) }
        } else if durable > halvedAt {
            size = max(Self.least, size / 2)
            halvedAt = sent
        }
    }
}
