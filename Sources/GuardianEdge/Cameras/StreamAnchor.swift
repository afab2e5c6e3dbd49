import GuardianCore

/// Relates a stream's media time to UTC, separately for each connection: tells when a frame was captured.
public struct StreamAnchor: Sendable, Hashable {
    private struct Span: Sendable, Hashable {
        /// Media time of the connection's first packet, milliseconds.
        var start: Int64
        /// UTC milliseconds of media time 0.
        var zero: Double
    }

    /// Most connections that are kept.
    private static let capacity = 64
    /// Milliseconds after a connection's start during which its estimate may jump: cameras send the first frames in a burst,
    /// and no event was dated by it yet.
    private static let settling: Int64 = 1_500
    /// Milliseconds of media time between two corrections, and the most by which one may shift the estimate.
    private static let window: Int64 = 10_000
    private static let step = 10.0
    /// The camera's clock is used if it differs from the estimate by a value in this range, in milliseconds.
    private static let plausible = -2_000.0...100.0

    private var spans: [Span] = []
    private var windowStart: Int64 = 0
    private var best: Double?

    public init() {}

    /// Begins a new connection with its first packet.
    package mutating func begin(mediaTime: Int64, arrival: Timestamp) {
        spans.append(Span(start: mediaTime, zero: Double(arrival.milliseconds - mediaTime)))
        if spans.count > Self.capacity { spans.removeFirst() }
        windowStart = mediaTime
        best = nil
    }

    /// Updates the estimate with a packet. The packet with the shortest transit time gives the best estimate.
    ///
    /// - Parameter zeroTime: media time 0 by the camera's clock, if the camera sends it.
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
        if let zeroTime, Self.plausible.contains(Double(zeroTime.milliseconds) - best) {
            target = Double(zeroTime.milliseconds)
        }
        spans[spans.count - 1].zero += min(max(target - span.zero, -Self.step), Self.step)
        windowStart = mediaTime
        self.best = nil
    }

    /// Returns when the frame with this media time (milliseconds) was captured.
    public func timestamp(ofMediaTime time: Int64) -> Timestamp {
        let span = spans.last { $0.start <= time } ?? spans.first
        return Timestamp(milliseconds: Int64((Double(time) + (span?.zero ?? 0)).rounded()))
    }

    /// Returns the media time (milliseconds) of a moment, by the newest connection.
    public func mediaTime(of moment: Timestamp) -> Int64 {
        Int64((Double(moment.milliseconds) - (spans.last?.zero ?? 0)).rounded())
    }

    /// Whether no packet has arrived yet.
    public var isEmpty: Bool { spans.isEmpty }
}
