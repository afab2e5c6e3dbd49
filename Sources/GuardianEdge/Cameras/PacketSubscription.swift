import GuardianCore
import GuardianMedia
import Synchronization

/// What happens on a camera's stream, in order.
public enum StreamItem: Sendable {
    /// From here on the stream is this; the next packet is a keyframe.
    case stream(StreamDescription)
    case packet(Packet)
    /// The connection is gone; another `stream` follows when it is back.
    case lost
}

/// One reader's share of a stream: a bounded queue. When the reader is too slow, all packets that wait are dropped and
/// it goes on at the next keyframe, which is marked as a discontinuity.
///
/// It ends when the camera stops, when it is cancelled, or when nobody holds it any more. One task reads.
public final class PacketSubscription: AsyncSequence, Sendable {
    public typealias Element = StreamItem

    /// How much may wait.
    public struct Limit: Sendable, Hashable {
        public var packets: Int
        public var bytes: Int

        public init(packets: Int, bytes: Int) {
            self.packets = packets
            self.bytes = bytes
        }

        /// For looking at pictures: what is stale is not worth it.
        public static let watching = Limit(packets: 600, bytes: 24 << 20)
        /// For recording: a disk that stands still for some seconds costs nothing.
        public static let recording = Limit(packets: 6_000, bytes: 128 << 20)
    }

    fileprivate struct Filling {
        var packets = 0
        var bytes = 0
        var waitsForKeyframe = false
        var dropped = 0
    }

    private let limit: Limit
    private let mailbox = Mailbox<StreamItem>()
    private let filling = Mutex(Filling())
    private let onEnd: @Sendable () -> Void

    init(limit: Limit, onEnd: @escaping @Sendable () -> Void) {
        self.limit = limit
        self.onEnd = onEnd
    }

    deinit { onEnd() }

    /// How many packets were dropped since the start because the reader was too slow.
    public var dropped: Int { filling.withLock { $0.dropped } }

    func offer(_ item: StreamItem) {
        mailbox.update { items in
            filling.withLock { $0.append(item, into: &items, limit) }
        }
    }

    /// Passes over packets until the next keyframe.
    func awaitKeyframe() { filling.withLock { $0.waitsForKeyframe = true } }

    /// Ends it from either side.
    public func cancel() {
        mailbox.finish()
        onEnd()
    }

    func finish() { mailbox.finish() }

    /// All that waits, without waiting for more.
    public func drain() -> [StreamItem] { mailbox.drain { emptied() } }

    /// All that waits, at least one; `nil` at the end.
    public func nextBatch() async -> [StreamItem]? { await mailbox.nextBatch { self.emptied() } }

    /// Waits until something is there to be drained; `false` at the end.
    public func awaitItems() async -> Bool { await mailbox.awaitItems() }

    /// The oldest item; `nil` at the end.
    public func next() async -> StreamItem? {
        await mailbox.next { item in
            guard case .packet(let packet) = item else { return }
            self.filling.withLock { filling in
                filling.packets -= 1
                filling.bytes -= packet.byteCount
            }
        }
    }

    private func emptied() {
        filling.withLock { ($0.packets, $0.bytes) = (0, 0) }
    }

    /// Takes one item at a time: what it has not given out stays for the next iterator.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let subscription: PacketSubscription

        public mutating func next() async -> StreamItem? { await subscription.next() }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(subscription: self) }
}

extension PacketSubscription.Filling {
    fileprivate mutating func append(
        _ item: StreamItem, into items: inout [StreamItem], _ limit: PacketSubscription.Limit
    ) {
        guard case .packet(var packet) = item else {
            items.append(item)
            return
        }
        let startsAnew = packet.kind == .video && packet.isKeyframe
        if waitsForKeyframe {
            guard startsAnew else {
                dropped += 1
                return
            }
            waitsForKeyframe = false
            packet.discontinuity = true
        }
        if packets >= limit.packets || bytes + packet.byteCount > limit.bytes {
            dropped += packets
            items.removeAll { if case .packet = $0 { true } else { false } }
            (packets, bytes) = (0, 0)
            guard startsAnew else {
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
