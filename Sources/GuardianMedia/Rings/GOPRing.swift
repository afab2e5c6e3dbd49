import GuardianCore

/// The newest GOPs of a stream in memory.
public struct GOPRing: Sendable {
    private struct GOP: Sendable {
        var packets: [Packet]
        var bytes: Int
        var start: Ticks
    }

    /// Time before the newest packet that must be covered; the oldest GOP is removed when the others cover them.
    public let span: Ticks
    /// The maximum number of bytes: the oldest GOPs are removed first, and a single larger GOP as well.
    public let byteLimit: Int

    private var gops: [GOP] = []
    /// Bytes of all packets.
    public private(set) var bytes = 0

    /// - Parameter seconds: time before the newest packet that is covered, extended to the keyframe before.
    public init(seconds: Double, byteLimit: Int) {
        span = .seconds(seconds)
        self.byteLimit = byteLimit
    }

    /// Appends a packet; packets before the first keyframe are ignored.
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

    /// Removes all GOPs, because the stream changed.
    public mutating func removeAll() {
        gops = []
        bytes = 0
    }

    public var isEmpty: Bool { gops.isEmpty }

    /// Decoding time of the oldest packet.
    public var start: Ticks? { gops.first?.start }

    /// Time from the oldest packet to the newest.
    public var duration: Ticks {
        guard let first = gops.first, let last = gops.last?.packets.last else { return 0 }
        return last.dts - first.start
    }

    /// The packets of the newest, still growing GOP.
    public var newest: [Packet] { gops.last?.packets ?? [] }

    /// All packets.
    public var packets: [Packet] { gops.flatMap(\.packets) }

    /// Returns all packets from the GOP on that covers `time`, or all packets when that GOP is not in the ring.
    public func packets(covering time: Ticks) -> [Packet] {
        let first = gops.lastIndex { $0.start <= time } ?? 0
        return gops.dropFirst(first).flatMap(\.packets)
    }
}
