import Foundation
import GuardianCore
import GuardianMedia

/// A bounded queue of packets between the network and a watch's thread; stale packets are dropped.
///
/// Decoding can restart only at a keyframe. Therefore, when the oldest packet is more than `staleness` behind the
/// newest and there is a later keyframe in the queue, everything before the newest keyframe is dropped. A whole GOP
/// that arrived at once has no keyframe after its first packet and is kept.
///
/// `@unchecked Sendable`: every stored property is read and written only while `condition` is locked.
package final class PacketQueue: @unchecked Sendable {
    package struct Item {
        package var packet: Packet
        package var arrival: ContinuousClock.Instant
    }

    private let condition = NSCondition()
    private let staleness: Duration
    private let limit: Int
    /// Maximum packets in the queue, because each takes more memory than its bytes.
    private static let countLimit = 20_000
    private var items: [Item] = []
    private var bytes = 0
    private var isFinished = false
    private var isBroken = false
    private var dropped = 0

    /// - Parameters:
    ///   - staleness: media time.
    ///   - limit: maximum bytes in the queue.
    package init(staleness: Duration = .seconds(2), limit: Int = 64 << 20) {
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

    /// Marks the end: no more packets follow. Packets in the queue can still be taken.
    package func finish() {
        condition.lock()
        isFinished = true
        condition.broadcast()
        condition.unlock()
    }

    /// Removes and returns the oldest packet; blocks while the queue is empty. Returns `nil` at the end.
    package func take() -> Item? {
        condition.lock()
        defer { condition.unlock() }
        while items.isEmpty, !isFinished { condition.wait() }
        guard !items.isEmpty else { return nil }
        let item = items.removeFirst()
        bytes -= item.packet.byteCount
        return item
    }

    /// Returns the number of packets dropped since the last call.
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
        let isFull = bytes > limit || items.count > Self.countLimit
        guard isStale || isFull else { return }
        if let keyframe = items.lastIndex(where: { $0.packet.isKeyframe }), keyframe > 0 {
            drop(keyframe)
        } else if isFull {
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
