import GuardianMedia
import GuardianVision

/// Which packets the AI service gets: keyframes while all is quiet; the whole GOP so far, and everything behind it, once
/// something stirs or the watch wants to look.
package struct PacketSelection {
    /// A GOP longer than this, in milliseconds, is too seldom a keyframe for who stands still.
    private static let patience: Int64 = 2000
    /// Bytes of a GOP that are kept back at most; a longer one is sent from its next keyframe on.
    private static let limit = 48 << 20

    private var activity = BitrateActivity()
    private var heldBack: [Packet] = []
    private var heldBytes = 0
    private var overflowed = false
    private var keyframeAt: Int64?
    private var gop: Int64 = 0
    private var count: Int64 = 0

    package init() {}

    /// Takes in the next packet and gives out what is to be sent now, in order.
    package mutating func select(_ packet: Packet, attention: Attention) -> [Packet] {
        guard packet.kind == .video else { return [] }
        // A source counts its sound too; the watch must see a jump only where pictures are left out.
        var packet = packet
        packet.sequence = count
        count += 1
        let verdict = activity.update(
            bytes: packet.byteCount, isKeyframe: packet.isKeyframe, mediaTime: packet.mediaTime)
        if packet.isKeyframe {
            if let keyframeAt { gop = packet.mediaTime - keyframeAt }
            keyframeAt = packet.mediaTime
            forget()
            return [packet]
        }
        if overflowed { return [] }
        if isWanted(verdict, attention) {
            let packets = heldBack + [packet]
            forget()
            return packets
        }
        heldBack.append(packet)
        heldBytes += packet.byteCount
        if heldBytes > Self.limit {
            forget()
            overflowed = true
        }
        return []
    }

    private func isWanted(_ verdict: BitrateActivity.Verdict, _ attention: Attention) -> Bool {
        switch attention {
        case .looking: true
        case .still: verdict == .stirring || gop > Self.patience
        case .quiet: verdict == .stirring
        }
    }

    private mutating func forget() {
        heldBack = []
        heldBytes = 0
        overflowed = false
    }
}
