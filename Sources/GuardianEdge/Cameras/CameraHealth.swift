import GuardianCore

/// How a camera is, at one moment.
public struct CameraHealth: Sendable, Hashable {
    public enum State: String, Sendable, Hashable {
        /// The first try has not ended yet.
        case connecting
        /// Packets arrive.
        case live
        /// It sends nothing; trying goes on.
        case lost
        /// The edge has let go of it.
        case stopped
    }

    public var state: State
    /// When it came to be in this state.
    public var since: Timestamp
    /// Pictures a second, over the last five seconds.
    public var fps: Double = 0
    /// Bits a second, over the last five seconds.
    public var bitrate: Int = 0
    /// `h264`, `h265`, or libav's name.
    public var codec: String?
    /// Pixels.
    public var width: Int?
    public var height: Int?
    public var lastPacketAt: Timestamp?
    /// Why it was lost last; stays when it is back. Holds no secret.
    public var lastFailure: String?
    /// Connections after the first one.
    public var reconnects: Int = 0
    /// Pictures that never came, as far as the times of the others tell, since the start.
    public var missingPackets: Int = 0

    public init(state: State, since: Timestamp) {
        self.state = state
        self.since = since
    }
}

/// Counts pictures and bytes over the last five seconds.
struct RateMeter: Sendable {
    private static let seconds = 5
    private var buckets: [(second: Int64, pictures: Int, bytes: Int)] = []
    private var began: Int64?

    /// - Parameter second: whole seconds of a clock that nobody sets.
    mutating func count(bytes: Int, isPicture: Bool, second: Int64) {
        if began == nil { began = second }
        if buckets.last?.second != second {
            buckets.append((second, 0, 0))
            buckets.removeAll { $0.second < second - Int64(Self.seconds) }
        }
        buckets[buckets.count - 1].pictures += isPicture ? 1 : 0
        buckets[buckets.count - 1].bytes += bytes
    }

    /// Pictures and bits a second, over the whole seconds before this one.
    func rates(second: Int64) -> (fps: Double, bitrate: Int) {
        let whole = buckets.filter { $0.second < second && $0.second >= second - Int64(Self.seconds) }
        // The second in which it began is not a whole one.
        let counted = whole.filter { $0.second != began }
        guard !counted.isEmpty, let began else { return (0, 0) }
        let length = Double(min(Int64(Self.seconds), second - began - 1))
        guard length > 0 else { return (0, 0) }
        let pictures = counted.reduce(0) { $0 + $1.pictures }
        let bytes = counted.reduce(0) { $0 + $1.bytes }
        return (Double(pictures) / length, Int(Double(bytes * 8) / length))
    }
}
