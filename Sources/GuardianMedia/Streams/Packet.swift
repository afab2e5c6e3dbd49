import CLibAV
import Foundation
import GuardianCore

/// One coded picture or one piece of sound as it came from its source.
///
/// Copying a packet copies a reference: the bytes are shared, counted and never changed.
public struct Packet: Sendable {
    public enum Kind: String, Sendable, Hashable, Codable {
        case video
        case audio
    }

    let storage: PacketStorage
    public var kind: Kind
    /// Presentation time in ticks of 1/90,000 s of the source's timeline.
    public var pts: Int64
    /// Decoding time in the same ticks; rises strictly from packet to packet of one kind.
    public var dts: Int64
    /// Ticks; an estimate where the source says nothing.
    public var duration: Int64
    /// Whether decoding can begin here.
    public var isKeyframe: Bool
    /// When it came out of its source.
    public var arrival: Timestamp
    /// The same moment on the clock that nobody sets.
    public var arrivalInstant: ContinuousClock.Instant
    /// Counts up from 0 over the packets of one source, of both kinds.
    public var sequence: Int64
    /// The timeline does not go on smoothly from the packet before: time jumped, or something was lost.
    public var discontinuity: Bool
    /// How many packets of its kind are missing before it, as far as their times tell.
    public var missingBefore: Int

    init(
        storage: PacketStorage, kind: Kind, pts: Int64, dts: Int64, duration: Int64, isKeyframe: Bool,
        arrival: Timestamp, arrivalInstant: ContinuousClock.Instant, sequence: Int64, discontinuity: Bool = false,
        missingBefore: Int = 0
    ) {
        self.storage = storage
        self.kind = kind
        self.pts = pts
        self.dts = dts
        self.duration = duration
        self.isKeyframe = isKeyframe
        self.arrival = arrival
        self.arrivalInstant = arrivalInstant
        self.sequence = sequence
        self.discontinuity = discontinuity
        self.missingBefore = missingBefore
    }

    /// A packet made of bytes that came another way than through a source (the AI service gets them over gRPC); they
    /// are copied once. Throws `resourceExhausted` when there is no memory for them.
    public init(
        bytes: some ContiguousBytes, kind: Kind = .video, pts: Int64, dts: Int64, duration: Int64,
        isKeyframe: Bool, arrival: Timestamp = Timestamp(milliseconds: 0),
        arrivalInstant: ContinuousClock.Instant = .now,
        sequence: Int64, discontinuity: Bool = false, missingBefore: Int = 0
    ) throws {
        let storage = try bytes.withUnsafeBytes { try PacketStorage(copying: $0) }
        self.init(
            storage: storage, kind: kind, pts: pts, dts: dts, duration: duration, isKeyframe: isKeyframe,
            arrival: arrival, arrivalInstant: arrivalInstant, sequence: sequence, discontinuity: discontinuity,
            missingBefore: missingBefore)
    }

    /// Presentation time in milliseconds of the source's timeline.
    public var mediaTime: Int64 { MediaTicks.milliseconds(pts) }

    /// Size of the payload in bytes.
    public var byteCount: Int { storage.bytes.count }

    /// A copy of the payload.
    public var bytes: [UInt8] { withBytes { Array($0) } }

    /// The payload in place, without a copy; the pointer must not leave `body`.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(storage) { try body(UnsafeRawBufferPointer(storage.bytes)) }
    }
}

/// Owns one reference to libav's counted buffer.
///
/// `@unchecked Sendable`: the AVPacket is written only before `init` returns and is never given out for writing; its
/// buffer is counted atomically by libav and nobody writes to it (a muxer that must change a payload copies it).
final class PacketStorage: @unchecked Sendable {
    let packet: UnsafeMutablePointer<AVPacket>

    /// Takes over the contents of `source`, which is blank afterwards.
    init(moving source: UnsafeMutablePointer<AVPacket>) throws {
        guard let packet = av_packet_alloc() else {
            throw GuardianError.libav(guardian_av_error(ENOMEM), "Keeping a packet")
        }
        av_packet_move_ref(packet, source)
        self.packet = packet
    }

    init(copying bytes: UnsafeRawBufferPointer) throws {
        guard bytes.count <= 1 << 28, let packet = av_packet_alloc() else {
            throw GuardianError.libav(guardian_av_error(ENOMEM), "Keeping a packet")
        }
        let code = av_new_packet(packet, Int32(bytes.count))
        guard code >= 0 else {
            var freed: UnsafeMutablePointer<AVPacket>? = packet
            av_packet_free(&freed)
            throw GuardianError.libav(code, "Keeping a packet")
        }
        if let from = bytes.baseAddress, let to = packet.pointee.data {
            to.update(from: from.assumingMemoryBound(to: UInt8.self), count: bytes.count)
        }
        self.packet = packet
    }

    deinit {
        var freed: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&freed)
    }

    var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size))
    }
}
