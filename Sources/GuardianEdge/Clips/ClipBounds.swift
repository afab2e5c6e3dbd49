import GuardianMedia

/// Measures how much of an open clip there is: by media time, by arrival, in packets and in bytes. Media time alone is the
/// camera's word.
package struct ClipBounds {
    /// Packets and bytes of one second that a clip has room for: more than any camera sends with sound.
    private static let packetsPerSecond: Int64 = 250
    private static let bytesPerSecond: Int64 = 8 << 20
    /// A clip without a further keyframe ends when it is this many times over its bounds: its footage would play only from
    /// its beginning, and it would grow for ever.
    private static let patience: Int64 = 4

    private let maximum: Int64
    private let start: Int64
    private let began: ContinuousClock.Instant
    private var keyframe: (mediaTime: Int64, arrival: ContinuousClock.Instant)
    /// Of the last complete GOP, in milliseconds.
    private var gop: (length: Int64, arrival: Int64) = (0, 0)
    private var packets: Int64 = 1

    /// - Parameters:
    ///   - first: the clip's first packet, a keyframe.
    ///   - maximum: the longest clip in milliseconds.
    package init(first: Packet, maximum: Int64) {
        self.maximum = maximum
        start = MediaTicks.milliseconds(first.dts)
        began = first.arrivalInstant
        keyframe = (start, began)
    }

    package mutating func note(_ packet: Packet) {
        packets += 1
        guard packet.kind == .video, packet.isKeyframe else { return }
        let time = MediaTicks.milliseconds(packet.dts)
        gop = (time - keyframe.mediaTime, Self.milliseconds(from: keyframe.arrival, to: packet.arrivalInstant))
        keyframe = (time, packet.arrivalInstant)
    }

    /// Returns whether the next clip must begin with this packet.
    ///
    /// - Parameter size: bytes of the clip so far.
    package func mustSplit(before packet: Packet, size: Int64) -> Bool {
        let isStart = packet.kind == .video && packet.isKeyframe
        let time = MediaTicks.milliseconds(packet.dts)
        let arrived = Self.milliseconds(from: began, to: packet.arrivalInstant)
        // Arrivals are not even: the media time decides as long as it is plausible.
        let longestArrival = maximum + maximum / 10 + 2_000
        let (mostPackets, mostBytes) = (
            maximum * Self.packetsPerSecond / 1000, maximum * Self.bytesPerSecond / 1000
        )
        guard isStart else {
            return time - start > maximum * Self.patience || arrived > longestArrival * Self.patience
                || packets >= mostPackets * Self.patience || size >= mostBytes * Self.patience
        }
        let next = max(gop.length, time - keyframe.mediaTime)
        let nextArrival = max(
            gop.arrival, Self.milliseconds(from: keyframe.arrival, to: packet.arrivalInstant))
        return time - start + next > maximum || arrived + nextArrival > longestArrival || packets >= mostPackets
            || size >= mostBytes
    }

    private static func milliseconds(from: ContinuousClock.Instant, to: ContinuousClock.Instant) -> Int64 {
        Int64((to - from) / .milliseconds(1))
    }
}
