import Foundation
import GuardianMedia

/// Packets between the network and a watch's thread: bounded, and what is stale is dropped rather than piled up.
///
/// Decoding can only begin again at a keyframe, so that is where the queue drops to: when its oldest packet lies more
/// than `staleness` behind its newest and a keyframe stands between them, everything before the newest keyframe goes. A
/// whole GOP that came at once, to catch up on, has no keyframe behind its first packet and stays.
///
/// `@unchecked Sendable`: every stored property is read and written only while `condition` is locked.
package final class PacketQueue: @unchecked Sendable {
    package struct Item {
        package var packet: Packet
        package var arrival: ContinuousClock.Instant
    }

    private let condition = NSCondition()
    private let staleness: Int64
    private let limit: Int
    private var items: [Item] = []
    private var bytes = 0
    private var isFinished = false
    private var isBroken = false
    private var dropped = 0

    /// - Parameters:
    ///   - staleness: milliseconds of media time.
    ///   - limit: bytes that wait at most.
    package init(staleness: Int64 = 2000, limit: Int = 64 << 20) {
        self.staleness = staleness
        self.limit = limit
    }

    package func put(_ packets: [Packet]) {
        let now = ContinuousClock.now
        condition.lock()
        defer { condition.unlock() }
        for packet in packets {
            if isBroken, !packet.isKeyframe {
                dropped += 1
                continue
            }
            isBroken = false
            items.append(Item(packet: packet, arrival: now))
            bytes += packet.byteCount
        }
        trim()
        condition.signal()
    }

    /// No more packets come; what waits is still taken.
    package func finish() {
        condition.lock()
        isFinished = true
        condition.broadcast()
        condition.unlock()
    }

    /// Waits for packets; `nil` at the end.
    package func take() -> Item? {
        condition.lock()
        defer { condition.unlock() }
        while items.isEmpty, !isFinished { condition.wait() }
        guard !items.isEmpty else { return nil }
        let item = items.removeFirst()
        bytes -= item.packet.byteCount
        return item
    }

    /// Packets dropped since the last call.
    package func takeDropped() -> Int {
        condition.lock()
        defer { condition.unlock() }
        defer { dropped = 0 }
        return dropped
    }

    package var count: Int {
        condition.lock()
        defer { condition.unlock() }
        return items.count
    }

    private func trim() {
        guard let first = items.first, let last = items.last else { return }
        let isStale = last.packet.mediaTime - first.packet.mediaTime > staleness
        guard isStale || bytes > limit else { return }
        if let keyframe = items.lastIndex(where: { $0.packet.isKeyframe }), keyframe > 0 {
            drop(keyframe)
        } else if bytes > limit {
            drop(items.count)
            isBroken = true
        }
    }

    private func drop(_ count: Int) {
        bytes -= items.prefix(count).reduce(0) { $0 + $1.packet.byteCount }
        items.removeFirst(count)
        dropped += count
    }
}
