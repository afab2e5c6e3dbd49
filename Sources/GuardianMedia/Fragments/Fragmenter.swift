import CLibAV
import GuardianCore

/// Converts packets to a fragmented MP4 in memory: an init segment and fragments. Packets are never re-encoded. H.265
/// is tagged `hvc1`, which Apple's players need.
///
/// Every keyframe starts a fragment, and no fragment is longer than `limit`. Used by one thread at a time.
public final class Fragmenter {
    /// `ftyp` and `moov`.
    public let initSegment: [UInt8]
    /// The `codecs` parameter of RFC 6381.
    public let codecs: String
    /// The source's time in ticks that is time 0 in the MP4.
    public let origin: Int64

    private let muxer: MP4Muxer
    private let limit: Int64
    private var pending: (start: Int64, end: Int64, startsWithKeyframe: Bool)?

    /// - Parameters:
    ///   - origin: decoding time of the first packet that will be appended, in ticks.
    ///   - limit: the longest fragment in ticks.
    /// - Throws: `failedPrecondition` for a codec that cannot be recorded, or when the parameter sets are not known.
    public init(stream: StreamDescription, origin: Int64, limit: Int64) throws {
        guard stream.codec.isRecordable else {
            throw GuardianError(
                .failedPrecondition,
                "The camera sends \(stream.codec.name), which cannot be recorded. Set the camera to H.264 or H.265."
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

    /// Appends a packet and returns the fragments that are complete now: none, one or two. Packets before `origin` are
    /// ignored.
    public func append(_ packet: Packet) throws -> [Fragment] {
        let time = packet.dts - origin
        guard time >= 0 else { return [] }
        guard packet.kind == .video else {
            if pending != nil { try muxer.write(packet, origin: origin) }
            return []
        }
        var complete: [Fragment] = []
        let end = time + max(1, packet.duration)
        if let pending, packet.isKeyframe || end - pending.start > limit, let fragment = try flush() {
            complete.append(fragment)
        }
        try muxer.write(packet, origin: origin)
        if let pending {
            self.pending?.end = max(pending.end, end)
        } else {
            pending = (time, end, packet.isKeyframe)
        }
        // The next frame would not fit: return the fragment now instead of with that frame.
        if let pending, end + max(1, packet.duration) - pending.start > limit, let fragment = try flush() {
            complete.append(fragment)
        }
        return complete
    }

    /// Returns the packets since the last fragment as a fragment; `nil` when there are none.
    public func flush() throws -> Fragment? {
        guard let done = pending else { return nil }
        pending = nil
        let bytes = try muxer.cut()
        return Fragment(bytes: bytes, startsWithKeyframe: done.startsWithKeyframe, start: done.start, end: done.end)
    }
}
