import GuardianCore
import GuardianMedia

/// State and measurements of a camera's stream at one moment.
public struct CameraHealth: Sendable, Hashable {
    public enum State: String, Sendable, Hashable {
        /// The first connection attempt has not ended yet.
        case connecting
        /// Packets arrive.
        case live
        /// No packets arrive; the edge keeps reconnecting.
        case lost
        /// The edge no longer reads it.
        case stopped
    }

    public var state: State
    /// When this state began.
    public var since: Timestamp
    /// Frames per second, over the last five seconds.
    public var fps: Double = 0
    /// Bits per second, over the last five seconds.
    public var bitrate: Int = 0
    /// `h264`, `h265`, or libav's name of another codec.
    public var codec: String?
    /// Pixels.
    public var width: Int?
    public var height: Int?
    public var lastPacketAt: Timestamp?
    /// Reason of the last loss; kept after the stream is back. Contains no secret.
    public var lastFailure: String?
    /// Connections after the first one.
    public var reconnects: Int = 0
    /// Video packets missing since the start, estimated from the times of the received ones.
    public var missingPackets: Int = 0

    /// What is wrong with the times that the camera gives its frames, in this connection. They are put right.
    public var timestampFault: TimestampFault?

    public init(state: State, since: Timestamp) {
        self.state = state
        self.since = since
    }
}

extension CameraHealth {
    /// Returns this health, or a loss when it has said for too long that the stream is live or connecting.
    ///
    /// - Parameter patience: how long a connection may bring no packet, and the first one no keyframe.
    package func judged(
        at now: ContinuousClock.Instant, startedAt: ContinuousClock.Instant, arrivals: PacketArrivals?,
        patience: Duration
    ) -> CameraHealth {
        var health = self
        switch state {
        case .live:
            guard let last = arrivals?.last, last.instant.duration(to: now) > patience else { return self }
            health.since = last.time
            health.lastFailure = "Nothing arrives any more."
        case .connecting:
            guard startedAt.duration(to: now) > patience else { return self }
            health.lastFailure = lastFailure ?? "It has sent no keyframe yet."
        case .lost, .stopped: return self
        }
        health.state = .lost
        return health
    }
}

/// Measures frame rate and bitrate over the last five seconds.
struct RateMeter: Sendable {
    private static let seconds = 5
    private var buckets: [(second: Int64, pictures: Int, bytes: Int)] = []
    private var began: Int64?

    /// - Parameters:
    ///   - isPicture: whether the packet is video.
    ///   - second: whole seconds of a monotonic clock.
    mutating func count(bytes: Int, isPicture: Bool, second: Int64) {
        if began == nil { began = second }
        if buckets.last?.second != second {
            buckets.append((second, 0, 0))
            buckets.removeAll { $0.second < second - Int64(Self.seconds) }
        }
        buckets[buckets.count - 1].pictures += isPicture ? 1 : 0
        buckets[buckets.count - 1].bytes += bytes
    }

    /// Returns frames and bits per second, over the complete seconds before this one.
    func rates(second: Int64) -> (fps: Double, bitrate: Int) {
        let whole = buckets.filter { $0.second < second && $0.second >= second - Int64(Self.seconds) }
        // The second in which measuring began is incomplete.
        let counted = whole.filter { $0.second != began }
        guard !counted.isEmpty, let began else { return (0, 0) }
        let length = Double(min(Int64(Self.seconds), second - began - 1))
        guard length > 0 else { return (0, 0) }
        let pictures = counted.reduce(0) { $0 + $1.pictures }
        let bytes = counted.reduce(0) { $0 + $1.bytes }
        return (Double(pictures) / length, Int(Double(bytes * 8) / length))
    }
}
