import CLibAV
import Foundation
import GuardianCore

/// One compressed video frame or audio frame as it came from its source.
///
/// Copying a packet copies a reference: the bytes are shared, reference-counted and never changed.
public struct Packet: Sendable {
    public enum Kind: String, Sendable, Hashable, Codable {
        case video
        case audio
    }

    let storage: PacketStorage
    public var kind: Kind
    /// Presentation time on the source's timeline.
    public var pts: Ticks
    /// Decoding time on the same timeline; strictly increasing over the packets of one kind.
    public var dts: Ticks
    /// An estimate when the source does not specify it.
    public var duration: Ticks
    /// Whether decoding can start here.
    public var isKeyframe: Bool
    /// When it was read from its source.
    public var arrival: Timestamp
    /// The same moment on the monotonic clock.
    public var arrivalInstant: ContinuousClock.Instant
    /// Counts up from 0 over the packets of one source, of both kinds.
    public var sequence: Int64
    /// The timeline is not continuous with the previous packet: time jumped, or packets were lost.
    public var discontinuity: Bool
    /// How many packets of its kind are missing before it, estimated from timestamps.
    public var missingBefore: Int

    init(
        storage: PacketStorage, kind: Kind, pts: Ticks, dts: Ticks, duration: Ticks, isKeyframe: Bool,
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

    /// Creates a packet from bytes that did not come through a source: the AI service receives them over gRPC. They are
    /// copied once. Throws `resourceExhausted` when memory runs out.
    public init(
        bytes: some ContiguousBytes, kind: Kind = .video, pts: Ticks, dts: Ticks, duration: Ticks,
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

    /// Presentation time on the source's timeline, in whole milliseconds.
    public var mediaTime: MediaTime { MediaTime(pts) }

    /// Size of the payload in bytes.
    public var byteCount: Int { storage.bytes.count }

    /// A copy of the payload.
    public var bytes: [UInt8] { withBytes { Array($0) } }

    /// Calls `body` with the payload, without a copy; the pointer is valid only in `body`.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(storage) { try body(UnsafeRawBufferPointer(storage.bytes)) }
    }
}

/// Owns one reference to libav's reference-counted buffer.
///
/// `@unchecked Sendable`: the AVPacket is written only before `init` returns and is never exposed for writing. libav
/// counts references to its buffer atomically, and the buffer is never written to (a
/// muxer that changes a payload copies it).
final class PacketStorage: @unchecked Sendable {
    let packet: UnsafeMutablePointer<AVPacket>

    /// Moves the contents out of `source`, which is empty afterwards.
    init(moving source: UnsafeMutablePointer<AVPacket>) throws {
        guard let packet = av_packet_alloc() else {
            throw GuardianError.libav(guardian_av_error(ENOMEM), "Allocating a packet")
        }
        av_packet_move_ref(packet, source)
        self.packet = packet
    }

    init(copying bytes: UnsafeRawBufferPointer) throws {
        guard bytes.count <= 1 << 28, let packet = av_packet_alloc() else {
            throw GuardianError.libav(guardian_av_error(ENOMEM), "Allocating a packet")
        }
        let code = av_new_packet(packet, Int32(bytes.count))
        guard code >= 0 else {
            var freed: UnsafeMutablePointer<AVPacket>? = packet
            av_packet_free(&freed)
            throw GuardianError.libav(code, "Allocating a packet")
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
