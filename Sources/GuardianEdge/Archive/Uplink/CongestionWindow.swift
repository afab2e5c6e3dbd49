/// How many bytes of one part may be under way: few enough that what is sent next is not held up by them on a slow line,
/// and many enough for a fast one. Grows while the node's word comes promptly, halves when it comes late: by how much
/// later than at its best, as LEDBAT does it (RFC 6817), so that a line that is merely long is not taken for a full one.
package struct CongestionWindow: Sendable {
    package static let least: Int64 = 8 << 10
    package static let most: Int64 = 8 << 20
    /// What sent bytes may wait in queues on the way; RFC 6817 (2.5) allows 100 ms, and this counts the node's disk too.
    package static let patience: Duration = .milliseconds(300)

    /// Bytes.
    package private(set) var size: Int64
    private var sent: Int64
    private var acknowledged: Int64
    private var departures: [(end: Int64, at: ContinuousClock.Instant)] = []
    private var quickest: Duration?
    /// Up to here the window was filled before it was last halved; those bytes say nothing new.
    private var halvedAt: Int64 = 0
    /// Since when the node has been owing a word.
    package private(set) var owedSince: ContinuousClock.Instant?

    /// - Parameters:
    ///   - durable: what the node holds when the connection begins.
    ///   - known: size of another window on the same line, which may have changed since.
    package init(from durable: Int64, known: Int64 = 64 << 10) {
        (sent, acknowledged) = (durable, durable)
        size = min(known, 1 << 20)
    }

    package var underWay: Int64 { sent - acknowledged }
    package var hasRoom: Bool { underWay < size }
    /// Bytes of one message: a window takes several.
    package var piece: Int { Int(size / 4) }

    package mutating func depart(upTo end: Int64, at now: ContinuousClock.Instant) {
        if underWay == 0 { owedSince = now }
        sent = end
        departures.append((end, now))
    }

    package mutating func acknowledge(_ durable: Int64, at now: ContinuousClock.Instant) {
        guard durable > acknowledged else { return }
        let (came, wasFilled) = (durable - acknowledged, underWay * 2 >= size)
        acknowledged = min(durable, sent)
        owedSince = underWay == 0 ? nil : now
        guard let answered = departures.last(where: { $0.end <= durable }) else { return }
        departures.removeAll { $0.end <= durable }
        let took = answered.at.duration(to: now)
        quickest = min(quickest ?? took, took)
        if took - (quickest ?? took) <= Self.patience {
            if wasFilled { size = min(Self.most, size + came) }
        } else if durable > halvedAt {
            size = max(Self.least, size / 2)
            halvedAt = sent
        }
    }
}
