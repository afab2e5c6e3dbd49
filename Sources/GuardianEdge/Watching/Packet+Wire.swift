import Foundation
import GuardianCore
import GuardianMedia
import GuardianVision
import GuardianWire

extension Guardian_V1_VideoPacket {
    init(_ packet: Packet) {
        self.init()
        payload = packet.withBytes { Data($0) }
        pts = packet.pts.count
        dts = packet.dts.count
        duration = packet.duration.count
        keyframe = packet.isKeyframe
        sequence = UInt64(max(0, packet.sequence))
        discontinuity = packet.discontinuity || packet.missingBefore > 0
    }
}

extension Guardian_V1_VideoStream {
    /// `nil` for a codec that the AI service does not decode.
    init?(_ stream: StreamDescription) {
        self.init()
        switch stream.codec {
        case .h264: codec = .h264
        case .h265: codec = .h265
        case .other: return nil
        }
        extradata = Data(stream.extradata)
        width = UInt32(clamping: stream.width)
        height = UInt32(clamping: stream.height)
    }
}

extension Guardian_V1_VideoPackets {
    /// Most bytes of packets in one message, unless a single packet is larger.
    private static let messageBytes = 1 << 20

    /// Puts packets into as few messages as their sizes allow.
    static func messages(_ packets: [Packet]) -> [Guardian_V1_VideoPackets] {
        var messages: [Guardian_V1_VideoPackets] = []
        var message = Guardian_V1_VideoPackets()
        var bytes = 0
        for packet in packets {
            if bytes > 0, bytes + packet.byteCount > messageBytes {
                messages.append(message)
                message = Guardian_V1_VideoPackets()
                bytes = 0
            }
            message.packets.append(Guardian_V1_VideoPacket(packet))
            bytes += packet.byteCount
        }
        if bytes > 0 { messages.append(message) }
        return messages
    }
}

extension Attention {
    /// Maps an unknown value to `looking`, with which all packets are sent.
    init(_ wire: Guardian_V1_Attention) {
        switch wire {
        case .quiet: self = .quiet
        case .still: self = .still
        default: self = .looking
        }
    }
}
