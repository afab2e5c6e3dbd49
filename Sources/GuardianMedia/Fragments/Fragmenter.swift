import CLibAV
import GuardianCore

/// Packets in, a fragmented mp4 out: an init segment and fragments, in memory. Packets are never re-encoded. H.265 is
/// tagged `hvc1`, as Apple's players want it.
///
/// A fragment begins at every keyframe and none is longer than `limit`. One thread at a time.
public final class Fragmenter {
    /// `ftyp` and `moov`.
    public let initSegment: [UInt8]
    /// RFC 6381.
    public let codecs: String
    /// The source's time, in ticks, that is 0 in the mp4.
    public let origin: Int64

    private let muxer: MP4Muxer
    private let limit: Int64
    private var pending: (start: Int64, end: Int64, startsWithKeyframe: Bool)?

    /// - Parameters:
    ///   - origin: decoding time of the first packet that will be appended, in ticks.
    ///   - limit: ticks; the longest fragment.
    /// - Throws: `failedPrecondition` for a codec that no clip takes, or whose parameter sets are not known.
    public init(stream: StreamDescription, origin: Int64, limit: Int64) throws {
        guard stream.codec.isRecordable else {
            throw GuardianError(
                .failedPrecondition,
                "The camera sends \(stream.codec.name), which cannot be recorded as it comes. Set it to H.264 or H.265."
            )
        }
        guard let codecs = stream.codecs else {
            throw GuardianError(.failedPrecondition, "The camera's parameter sets are damaged or not known yet.")
        }
        self.codecs = codecs
        self.origin = origin
        self.limit = limit
        muxer = try MP4Muxer(stream: stream)
        initSegment = try muxer.begin()
    }

    /// Takes a packet and gives the fragments that are whole now: none, one or two. Packets before `origin` are passed
    /// over.
    public func append(_ packet: Packet) throws -> [Fragment] {
        let time = packet.dts - origin
        guard time >= 0 else { return [] }
        guard packet.kind == .video else {
            if pending != nil { try muxer.write(packet, origin: origin) }
            return []
        }
        var whole: [Fragment] = []
        let end = time + max(1, packet.duration)
        if let pending, packet.isKeyframe || end - pending.start > limit, let fragment = try flush() {
            whole.append(fragment)
        }
        try muxer.write(packet, origin: origin)
        if let pending {
            self.pending?.end = max(pending.end, end)
        } else {
            pending = (time, end, packet.isKeyframe)
        }
        // The next picture would not fit: nobody has to wait for it.
        if let pending, end + max(1, packet.duration) - pending.start > limit, let fragment = try flush() {
            whole.append(fragment)
        }
        return whole
    }

    /// What was appended since the last fragment, as one; `nil` when nothing was.
    public func flush() throws -> Fragment? {
        guard let done = pending else { return nil }
        pending = nil
        let bytes = try muxer.cut()
        return Fragment(bytes: bytes, startsWithKeyframe: done.startsWithKeyframe, start: done.start, end: done.end)
    }
}
