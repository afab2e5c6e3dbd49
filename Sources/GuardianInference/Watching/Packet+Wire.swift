import GuardianCore
import GuardianMedia
import GuardianWire

extension Packet {
    /// Throws `invalidArgument` for a packet without a payload or of more than 16 MiB.
    init(_ wire: Guardian_V1_VideoPacket) throws {
        guard (1...(16 << 20)).contains(wire.payload.count) else {
            throw GuardianError(.invalidArgument, "A video packet has 1 byte to 16 MiB.")
        }
        try self.init(
            bytes: wire.payload, pts: wire.pts, dts: wire.dts, duration: wire.duration, isKeyframe: wire.keyframe,
            sequence: Int64(clamping: wire.sequence), discontinuity: wire.discontinuity)
    }
}

extension StreamDescription {
    /// Throws `invalidArgument` when codec, size or parameter sets lie outside what a camera sends.
    init(_ wire: Guardian_V1_VideoStream) throws {
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
