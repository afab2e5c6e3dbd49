import GuardianCore
import GuardianMedia

/// Measures how much of an open clip there is: by media time, by arrival, in packets and in bytes. Media time alone is the
/// camera's word.
package struct ClipBounds {
    /// Packets and bytes of one second that a clip has room for: more than any camera sends with sound.
    private static let packetsPerSecond: Int64 = 250
    private static let bytesPerSecond: Int64 = 8 << 20
    /// A clip without a further keyframe ends when it is this many times over its bounds: its footage would play only from
    /// its beginning, and it would grow for ever.
    private static let patience = 4

    private let maximum: Duration
    private let start: MediaTime
    private let began: ContinuousClock.Instant
    private var keyframe: (mediaTime: MediaTime, arrival: ContinuousClock.Instant)
    /// Of the last complete GOP.
    private var gop: (length: Duration, arrival: Duration) = (.zero, .zero)
    private var packets: Int64 = 1

    /// - Parameters:
    ///   - first: the clip's first packet, a keyframe.
    ///   - maximum: the longest clip.
    package init(first: Packet, maximum: Duration) {
        self.maximum = maximum
        start = MediaTime(first.dts)
        began = first.arrivalInstant
        keyframe = (start, began)
    }

    package mutating func note(_ packet: Packet) {
        packets += 1
        guard packet.kind == .video, packet.isKeyframe else { return }
        let time = MediaTime(packet.dts)
        gop = (time - keyframe.mediaTime, packet.arrivalInstant - keyframe.arrival)
        keyframe = (time, packet.arrivalInstant)
    }

    /// Returns whether the next clip must begin with this packet.
    ///
    /// - Parameter size: bytes of the clip so far.
    package func mustSplit(before packet: Packet, size: Int64) -> Bool {
        let isStart = packet.kind == .video && packet.isKeyframe
        let time = MediaTime(packet.dts)
        let arrived = packet.arrivalInstant - began
        // Arrivals are not even: the media time decides as long as it is plausible.
        let longestArrival = maximum + maximum / 10 + .seconds(2)
        let milliseconds = maximum.milliseconds
        let mostPackets = milliseconds * Self.packetsPerSecond / 1000
        let mostBytes = milliseconds * Self.bytesPerSecond / 1000
        guard isStart else {
            return time - start > maximum * Self.patience || arrived > longestArrival * Self.patience
                || packets >= mostPackets * Int64(Self.patience) || size >= mostBytes * Int64(Self.patience)
        }
        let next = max(gop.length, time - keyframe.mediaTime)
        let nextArrival = max(gop.arrival, packet.arrivalInstant - keyframe.arrival)
        return time - start + next > maximum || arrived + nextArrival > longestArrival || packets >= mostPackets
            || size >= mostBytes
    }
}
