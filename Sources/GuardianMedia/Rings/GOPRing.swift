/// The newest packets of a stream as whole GOPs: from a keyframe to the packet before the next one.
public struct GOPRing: Sendable {
    private struct GOP: Sendable {
        var packets: [Packet]
        var bytes: Int
        var start: Int64
    }

    /// Ticks before the newest packet that whole GOPs must cover; a GOP goes when the others do so without it.
    public let span: Int64
    /// Never more than this many bytes; old GOPs go first, and a single GOP that is larger goes as well.
    public let byteLimit: Int

    private var gops: [GOP] = []
    /// Bytes of all packets in it.
    public private(set) var bytes = 0

    /// - Parameters:
    ///   - seconds: that it covers before the newest packet, and then up to the keyframe before.
    public init(seconds: Double, byteLimit: Int) {
        span = Int64(seconds * Double(MediaTicks.perSecond))
        self.byteLimit = byteLimit
    }

    /// Packets before the first keyframe are passed over.
    public mutating func append(_ packet: Packet) {
        if packet.kind == .video, packet.isKeyframe {
            gops.append(GOP(packets: [], bytes: 0, start: packet.dts))
        }
        guard !gops.isEmpty else { return }
        let size = packet.byteCount
        gops[gops.count - 1].packets.append(packet)
        gops[gops.count - 1].bytes += size
        bytes += size
        while gops.count > 1, packet.dts - gops[1].start >= span || bytes > byteLimit { removeOldest() }
        if bytes > byteLimit { removeAll() }
    }

    private mutating func removeOldest() {
        bytes -= gops.removeFirst().bytes
    }

    /// Empties it: the stream is another from here on.
    public mutating func removeAll() {
        gops = []
        bytes = 0
    }

    public var isEmpty: Bool { gops.isEmpty }

    /// Decoding time of the oldest packet.
    public var start: Int64? { gops.first?.start }

    /// Ticks from the oldest packet to the newest.
    public var duration: Int64 {
        guard let first = gops.first, let last = gops.last?.packets.last else { return 0 }
        return last.dts - first.start
    }

    /// The GOP that is still growing.
    public var newest: [Packet] { gops.last?.packets ?? [] }

    /// All packets.
    public var packets: [Packet] { gops.flatMap(\.packets) }

    /// The whole GOPs from the one on that covers `ticks`; all of them when it has gone or was never there.
    public func packets(covering ticks: Int64) -> [Packet] {
        let first = gops.lastIndex { $0.start <= ticks } ?? 0
        return gops.dropFirst(first).flatMap(\.packets)
    }
}
