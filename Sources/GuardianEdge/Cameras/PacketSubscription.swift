import GuardianCore
import GuardianMedia
import Synchronization

/// An item of a camera's stream, in order.
public enum StreamItem: Sendable {
    /// Description of the following packets; the next packet is a keyframe.
    case stream(StreamDescription)
    case packet(Packet)
    /// The connection is lost; a `stream` follows when it is back.
    case lost
}

/// A bounded queue of one reader of a stream. When the reader is too slow, all queued packets are dropped, and it continues at
/// the next keyframe, which is marked as a discontinuity. The packets that it begins with do not count: they are at most those
/// of the camera's ring, with which they share their memory.
///
/// It ends when the camera stops, when it is cancelled, or when it is released. Only one task may read.
public final class PacketSubscription: AsyncSequence, Sendable {
    public typealias Element = StreamItem

    /// The most that may be queued, besides the packets that the subscription begins with.
    public struct Limit: Sendable, Hashable {
        public var packets: Int
        public var bytes: Int
        /// Most bytes of a GOP that a subscription begins with; of a larger one it gets the beginning.
        public var first: Int

        public init(packets: Int, bytes: Int, first: Int? = nil) {
            self.packets = packets
            self.bytes = bytes
            self.first = first ?? bytes
        }

        /// For analysis, which has no use for old packets.
        public static let watching = Limit(packets: 600, bytes: 24 << 20)
        /// For live view: the first GOP must fit into a viewer's queue.
        public static let live = Limit(packets: 600, bytes: 24 << 20, first: LiveFeed.gopLimit)
        /// For recording: no packet is lost when the disk stalls for some seconds.
        public static let recording = Limit(packets: 6_000, bytes: 128 << 20)
    }

    fileprivate struct Level {
        /// Packets at the head of the queue that the subscription began with.
        var first = 0
        /// Packets after these.
        var packets = 0
        var bytes = 0
        var waitsForKeyframe = false
        var dropped = 0
    }

    private let limit: Limit
    private let mailbox = Mailbox<StreamItem>()
    private let level = Mutex(Level())
    private let onEnd: @Sendable () -> Void

    package init(limit: Limit, onEnd: @escaping @Sendable () -> Void) {
        self.limit = limit
        self.onEnd = onEnd
    }

    deinit { onEnd() }

    /// Packets dropped so far because the reader was too slow.
    public var dropped: Int { level.withLock { $0.dropped } }

    package func offer(_ item: StreamItem) {
        mailbox.update { items in
            level.withLock { $0.append(item, into: &items, limit) }
        }
    }

    /// Queues the description and the packets that the subscription begins with, before anything else is offered.
    package func begin(_ stream: StreamDescription, with packets: [Packet]) {
        mailbox.update { items in
            items.append(.stream(stream))
            items += packets.map { .packet($0) }
            level.withLock { $0.first = packets.count }
        }
    }

    /// Skips packets until the next keyframe.
    func awaitKeyframe() { level.withLock { $0.waitsForKeyframe = true } }

    /// Ends the subscription.
    public func cancel() {
        mailbox.finish()
        onEnd()
    }

    func finish() { mailbox.finish() }

    /// Takes all queued items without waiting.
    public func drain() -> [StreamItem] { mailbox.drain { resetLevel() } }

    /// Takes all queued items; waits for at least one. Returns `nil` at the end.
    public func nextBatch() async -> [StreamItem]? { await mailbox.nextBatch { self.resetLevel() } }

    /// Waits until there are items to drain. Returns `false` at the end.
    public func awaitItems() async -> Bool { await mailbox.awaitItems() }

    /// Takes the oldest item; waits for one. Returns `nil` at the end.
    public func next() async -> StreamItem? {
        await mailbox.next { item in
            guard case .packet(let packet) = item else { return }
            self.level.withLock { level in
                guard level.first == 0 else {
                    level.first -= 1
                    return
                }
                level.packets -= 1
                level.bytes -= packet.byteCount
            }
        }
    }

    private func resetLevel() {
        level.withLock { ($0.first, $0.packets, $0.bytes) = (0, 0, 0) }
    }

    /// Takes one item at a time; the others stay in the queue for the next iterator.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let subscription: PacketSubscription

        public mutating func next() async -> StreamItem? { await subscription.next() }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(subscription: self) }
}

extension PacketSubscription.Level {
    fileprivate mutating func append(
        _ item: StreamItem, into items: inout [StreamItem], _ limit: PacketSubscription.Limit
    ) {
        guard case .packet(var packet) = item else {
            items.append(item)
            return
        }
        let isKeyframe = packet.kind == .video && packet.isKeyframe
        if waitsForKeyframe {
            guard isKeyframe else {
                dropped += 1
                return
            }
            waitsForKeyframe = false
            packet.discontinuity = true
        }
        if packets >= limit.packets || bytes + packet.byteCount > limit.bytes {
            dropped += first + packets
            items.removeAll { if case .packet = $0 { true } else { false } }
            (first, packets, bytes) = (0, 0, 0)
            guard isKeyframe else {
                waitsForKeyframe = true
                dropped += 1
                return
            }
            packet.discontinuity = true
        }
        items.append(.packet(packet))
        packets += 1
        bytes += packet.byteCount
    }
}
