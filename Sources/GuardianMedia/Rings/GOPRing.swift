import GuardianCore

/// The newest GOPs of a stream in memory.
public struct GOPRing: Sendable {
    private struct GOP: Sendable {
        var packets: [Packet]
        var bytes: Int
        var start: Ticks
    }

    /// Time before the newest packet that must be covered; the oldest GOP is removed when the others cover them.
    public private(set) var span: Ticks
    /// The maximum number of bytes: the oldest GOPs are removed first, and a single larger GOP is cut to its beginning.
    public let byteLimit: Int
    /// How much of a large GOP is its beginning: enough for a player to show its keyframe.
    private static let beginning = Ticks.seconds(1)

    private var gops: [GOP] = []
    /// Whether the newest GOP is larger than the limit. Only its beginning is left: its keyframe is still of use, but nothing
    /// that follows can be decoded after it.
    public private(set) var isCut = false
    /// Bytes of all packets.
    public private(set) var bytes = 0

    /// - Parameter seconds: time before the newest packet that is covered, extended to the keyframe before.
    public init(seconds: Double, byteLimit: Int) {
        span = .seconds(seconds)
        self.byteLimit = byteLimit
    }

    /// Covers another time from the next packet on. A longer one is covered once so much has been appended.
    ///
    /// - Parameter seconds: time before the newest packet that is covered, extended to the keyframe before.
    public mutating func cover(seconds: Double) { span = .seconds(seconds) }

    /// Appends a packet; packets before the first keyframe are ignored.
    public mutating func append(_ packet: Packet) {
        if packet.kind == .video, packet.isKeyframe {
            if isCut { removeAll() }
            gops.append(GOP(packets: [], bytes: 0, start: packet.dts))
        }
        guard !gops.isEmpty, !isCut else { return }
        let size = packet.byteCount
        gops[gops.count - 1].packets.append(packet)
        gops[gops.count - 1].bytes += size
        bytes += size
        while gops.count > 1, packet.dts - gops[1].start >= span || bytes > byteLimit { removeOldest() }
        if bytes > byteLimit { cut() }
    }

    private mutating func cut() {
        let kept = beginning(of: newest, bytes: byteLimit)
        let start = gops.last?.start ?? 0
        removeAll()
        guard !kept.isEmpty else { return }
        bytes = kept.reduce(0) { $0 + $1.byteCount }
        gops = [GOP(packets: kept, bytes: bytes, start: start)]
        isCut = true
    }

    /// Returns the first packets of a GOP: its keyframe, if it has at most `bytes` bytes, and what follows within a second and
    /// a quarter of them.
    private func beginning(of gop: [Packet], bytes: Int) -> [Packet] {
        guard let first = gop.first, first.byteCount <= bytes else { return [] }
        var sum = first.byteCount
        return [first]
            + gop.dropFirst().prefix { packet in
                sum += packet.byteCount
                return packet.dts - first.dts < Self.beginning && sum <= bytes / 4
            }
    }

    private mutating func removeOldest() {
        bytes -= gops.removeFirst().bytes
    }

    /// Removes all GOPs, because the stream changed.
    public mutating func removeAll() {
        gops = []
        bytes = 0
        isCut = false
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

    /// Returns the newest GOP if all of it is here and has at most so many bytes and packets; otherwise its beginning, after
    /// which a reader must wait for the next keyframe.
    public func newest(bytes: Int, packets: Int) -> (packets: [Packet], isWhole: Bool) {
        guard let newest = gops.last else { return ([], true) }
        if !isCut, newest.bytes <= bytes, newest.packets.count <= packets { return (newest.packets, true) }
        return (Array(beginning(of: newest.packets, bytes: bytes).prefix(packets)), false)
    }

    /// All packets.
    public var packets: [Packet] { gops.flatMap(\.packets) }

    /// Returns all packets from the GOP on that covers `time`, or all packets when that GOP is not in the ring; none when it is
    /// cut.
    public func packets(covering time: Ticks) -> [Packet] {
        guard !isCut else { return [] }
        let first = gops.lastIndex { $0.start <= time } ?? 0
        return gops.dropFirst(first).flatMap(\.packets)
    }
}
