import GuardianCore

/// Tells when pictures were taken: UTC of a stream's media time, for each of its connections.
public struct StreamAnchor: Sendable, Hashable {
    private struct Span: Sendable, Hashable {
        /// Media time of the connection's first packet, milliseconds.
        var start: Int64
        /// UTC milliseconds of media time 0.
        var zero: Double
    }

    /// Connections that are remembered.
    private static let memory = 64
    /// Milliseconds after its beginning within which a connection's estimate may still move freely: nothing was dated by
    /// it yet, and cameras send the first pictures in a burst.
    private static let settling: Int64 = 1_500
    /// Milliseconds of stream between two refinements, and how far one may move the clock.
    private static let window: Int64 = 10_000
    private static let step = 10.0
    /// The camera's own clock is believed when its pictures are at most this much older than their arrival.
    private static let believable = -2_000.0...100.0

    private var spans: [Span] = []
    private var windowStart: Int64 = 0
    private var best: Double?

    public init() {}

    /// A new connection begins with the next packet.
    package mutating func begin(mediaTime: Int64, arrival: Timestamp) {
        spans.append(Span(start: mediaTime, zero: Double(arrival.milliseconds - mediaTime)))
        if spans.count > Self.memory { spans.removeFirst() }
        windowStart = mediaTime
        best = nil
    }

    /// Learns from a packet. The one that took the least time to get here tells best when it was taken.
    /// - Parameter zeroTime: of the camera's own clock, where it tells.
    package mutating func update(mediaTime: Int64, arrival: Timestamp, zeroTime: Timestamp?) {
        guard let span = spans.last else { return }
        let estimate = Double(arrival.milliseconds - mediaTime)
        if mediaTime - span.start < Self.settling {
            spans[spans.count - 1].zero = min(span.zero, estimate)
            windowStart = mediaTime
            return
        }
        best = min(best ?? estimate, estimate)
        guard mediaTime - windowStart >= Self.window, let best else { return }
        var target = best
        if let zeroTime, Self.believable.contains(Double(zeroTime.milliseconds) - best) {
            target = Double(zeroTime.milliseconds)
        }
        spans[spans.count - 1].zero += min(max(target - span.zero, -Self.step), Self.step)
        windowStart = mediaTime
        self.best = nil
    }

    /// When the picture of that media time (milliseconds) was taken.
    public func timestamp(ofMediaTime time: Int64) -> Timestamp {
        let span = spans.last { $0.start <= time } ?? spans.first
        return Timestamp(milliseconds: Int64((Double(time) + (span?.zero ?? 0)).rounded()))
    }

    /// The media time (milliseconds) of a moment, by the newest connection.
    public func mediaTime(of moment: Timestamp) -> Int64 {
        Int64((Double(moment.milliseconds) - (spans.last?.zero ?? 0)).rounded())
    }

    /// Nothing has arrived yet.
    public var isEmpty: Bool { spans.isEmpty }
}
