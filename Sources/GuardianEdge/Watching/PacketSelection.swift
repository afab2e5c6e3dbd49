import GuardianCore
import GuardianMedia
import GuardianVision

/// Selects the packets that are sent to the AI service. While the scene is quiet these are keyframes. Once there is bitrate
/// activity or the watch's attention needs it, the GOP so far and all following packets.
package struct PacketSelection {
    /// With `still` attention, keyframes alone are too rare when GOPs are longer than this.
    private static let longestStillGOP = Duration.seconds(2)
    /// While the scene is quiet, a camera is looked at once in this time at least: when its next keyframe
    /// is later than usual, the packets since the last one are sent. Keyframes come more often than the longer limit from
    /// all but a few cameras.
    private static let quietGOP = Duration.seconds(5)...longestQuietGOP
    package static let longestQuietGOP = Duration.seconds(12)
    /// Most bytes of a GOP that are held back. The rest of a larger GOP is dropped.
    private static let limit = 48 << 20

    private var activity = BitrateActivity()
    private var heldBack: [Packet] = []
    private var heldBytes = 0
    private var overflowed = false
    private var keyframeAt: MediaTime?
    /// Media time between the last two keyframes; 0 before the second one.
    package private(set) var gop = Duration.zero
    private var count: Int64 = 0

    package init() {}

    /// Processes the next packet and returns the packets to send now, in order.
    package mutating func select(_ packet: Packet, attention: Attention) -> [Packet] {
        guard packet.kind == .video else { return [] }
        // A source's sequence counts audio packets too; the watch must see a jump only where video packets are missing.
        var packet = packet
        packet.sequence = count
        count += 1
        let verdict = activity.update(
            bytes: packet.byteCount, isKeyframe: packet.isKeyframe, mediaTime: packet.mediaTime)
        if packet.isKeyframe {
            if let keyframeAt { gop = packet.mediaTime - keyframeAt }
            keyframeAt = packet.mediaTime
            clear()
            return [packet]
        }
        if overflowed { return [] }
        if isNeeded(verdict, attention) || isLate(packet) {
            let packets = heldBack + [packet]
            clear()
            return packets
        }
        heldBack.append(packet)
        heldBytes += packet.byteCount
        if heldBytes > Self.limit {
            clear()
            overflowed = true
        }
        return []
    }

    private func isNeeded(_ verdict: BitrateActivity.Verdict, _ attention: Attention) -> Bool {
        switch attention {
        case .looking: true
        case .still: verdict == .active || gop > Self.longestStillGOP
        case .quiet: verdict == .active
        }
    }

    private func isLate(_ packet: Packet) -> Bool {
        let usual = min(max(gop + gop / 2, Self.quietGOP.lowerBound), Self.quietGOP.upperBound)
        return packet.mediaTime - (keyframeAt ?? packet.mediaTime) > usual
    }

    private mutating func clear() {
        heldBack = []
        heldBytes = 0
        overflowed = false
    }
}
