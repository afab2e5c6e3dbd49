import GuardianCore
import GuardianMedia
import GuardianWire

extension Packet {
    /// Throws `invalidArgument` for a packet without a payload or of more than 16 MiB, and for implausible times.
    package init(_ wire: Guardian_V1_VideoPacket) throws {
        guard (1...(16 << 20)).contains(wire.payload.count) else {
            throw GuardianError(.invalidArgument, "A video packet has 1 byte to 16 MiB.")
        }
        guard Plausible.mediaTicks.contains(wire.pts), Plausible.mediaTicks.contains(wire.dts),
            Plausible.packetTicks.contains(wire.duration), let sequence = Plausible.sequence.checked(wire.sequence)
        else { throw GuardianError(.invalidArgument, "A video packet's time, duration or sequence is out of range.") }
        try self.init(
            bytes: wire.payload, pts: Ticks(wire.pts), dts: Ticks(wire.dts), duration: Ticks(wire.duration),
            isKeyframe: wire.keyframe, sequence: sequence, discontinuity: wire.discontinuity)
    }
}

extension Guardian_V1_VideoPackets {
    /// Most packets of one message; each costs more memory than its bytes.
    private static let limit = 10_000

    /// Throws `invalidArgument` when there are too many, or one is out of range.
    package func checked() throws -> [Packet] {
        guard packets.count <= Self.limit else {
            throw GuardianError(.invalidArgument, "A message holds at most \(Self.limit) packets.")
        }
        return try packets.map(Packet.init)
    }
}

extension StreamDescription {
    /// Throws `invalidArgument` when codec, size or parameter sets lie outside what a camera sends.
    package init(_ wire: Guardian_V1_VideoStream) throws {
        let codec: VideoCodec
        switch wire.codec {
        case .h264: codec = .h264
        case .h265: codec = .h265
        default: throw GuardianError(.invalidArgument, "The stream is neither H.264 nor H.265.")
        }
        guard wire.extradata.count <= 1 << 16, wire.width <= 16_384, wire.height <= 16_384 else {
            throw GuardianError(.invalidArgument, "The stream's description is larger than any camera's.")
        }
        self.init(
            codec: codec, extradata: Array(wire.extradata), width: Int(wire.width), height: Int(wire.height))
    }
}
