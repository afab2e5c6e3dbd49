import CLibAV
import GuardianCore

/// Converts packets to a fragmented MP4 in memory: an init segment and fragments. Packets are never re-encoded. H.265
/// is tagged `hvc1`, which Apple's players need.
///
/// Every keyframe starts a fragment, and no fragment is longer than `limit`. A fragment also ends after `packetLimit`
/// packets, `byteLimit` bytes, or when its packets took longer to arrive than they should: timestamps that stand still make
/// it neither grow without bound nor wait in memory. Used by one thread at a time.
public final class Fragmenter {
    /// `ftyp` and `moov`.
    public let initSegment: [UInt8]
    /// The `codecs` parameter of RFC 6381.
    public let codecs: String
    /// The source's time that is time 0 in the MP4.
    public let origin: Ticks
    /// Whether it has a track for sound. Without one, sound is ignored.
    public let hasSound: Bool

    private let muxer: MP4Muxer
    private let limit: Ticks
    private let arrivalLimit: Duration
    /// The pictures since the last fragment.
    private var pending: (start: Ticks, end: Ticks, startsWithKeyframe: Bool)?
    /// What was written since the last fragment: pictures and sound.
    private var load = Load()
    private var videoEnd: Ticks?

    private struct Load {
        var packets = 0
        var bytes = 0
        var since: ContinuousClock.Instant?
    }

    /// Most packets of a fragment: several times as many as a second has, with sound.
    public static let packetLimit = 512
    /// Most bytes of a fragment, if it has more than one packet.
    public static let byteLimit = 16 << 20

    /// - Parameters:
    ///   - origin: decoding time of the first packet that will be appended.
    ///   - limit: the longest fragment.
    /// - Throws: `failedPrecondition` for a codec that cannot be recorded, or when the parameter sets are not known.
    public init(stream: StreamDescription, origin: Ticks, limit: Ticks) throws {
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
        hasSound = stream.audio != nil
        self.limit = limit
        arrivalLimit = .seconds(1) + Duration(limit)
        muxer = try MP4Muxer(stream: stream)
        initSegment = try muxer.begin()
    }

    /// Appends a packet and returns the fragments that are complete now: at most three. Packets before `origin` are
    /// ignored.
    public func append(_ packet: Packet) throws -> [Fragment] {
        let time = packet.dts - origin
        guard time >= 0, hasSound || packet.kind == .video else { return [] }
        var complete: [Fragment] = []
        if isFull(before: packet), let fragment = try flush() { complete.append(fragment) }
        guard packet.kind == .video else {
            // Sound between two fragments belongs to the next one; sound before the first picture has no place.
            if videoEnd != nil { try write(packet) }
            return complete
        }
        let end = time + max(1, packet.duration)
        if let pending, packet.isKeyframe || end - pending.start > limit, let fragment = try flush() {
            complete.append(fragment)
        }
        try write(packet)
        videoEnd = max(videoEnd ?? end, end)
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

    private func isFull(before packet: Packet) -> Bool {
        guard load.packets > 0, let since = load.since else { return false }
        return load.packets >= Self.packetLimit || load.bytes + packet.byteCount > Self.byteLimit
            || since.duration(to: packet.arrivalInstant) > arrivalLimit
    }

    private func write(_ packet: Packet) throws {
        try muxer.write(packet, origin: origin)
        load.packets += 1
        load.bytes += packet.byteCount
        if load.since == nil { load.since = packet.arrivalInstant }
    }

    /// Returns the packets since the last fragment as a fragment; `nil` when there are none. Without a picture among them it
    /// is a fragment of sound, which takes no time of the video.
    public func flush() throws -> Fragment? {
        guard load.packets > 0 else { return nil }
        let end = videoEnd ?? 0
        let done = pending ?? (start: end, end: end, startsWithKeyframe: false)
        (pending, load) = (nil, Load())
        let bytes = try muxer.cut()
        return Fragment(bytes: bytes, startsWithKeyframe: done.startsWithKeyframe, start: done.start, end: done.end)
    }
}
