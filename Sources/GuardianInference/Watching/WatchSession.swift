import Foundation
import GuardianCore
import GuardianMedia
import GuardianVision
import GuardianWatch
import GuardianWire

/// One camera's watch on its own thread: packets are queued without blocking, replies are a stream.
final class WatchSession: Sendable {
    let replies: AsyncThrowingStream<Guardian_V1_WatchReply, any Error>
    private let queue = PacketQueue()

    init(
        stream: StreamDescription, detector: any Detector, settings: WatchSettings, views: BestViews?,
        statistics: LookStatistics
    ) {
        // A watch must be used from one thread, so it is created there; its first error ends `replies`.
        let (replies, continuation) = AsyncThrowingStream.makeStream(
            of: Guardian_V1_WatchReply.self, bufferingPolicy: .bufferingNewest(1024))
        self.replies = replies
        let queue = queue
        let thread = Thread {
            do {
                try Self.watch(
                    queue, with: Watch(stream: stream, detector: detector, settings: settings, views: views),
                    statistics: statistics
                ) { continuation.yield($0) }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        thread.name = "watch"
        thread.start()
    }

    func put(_ packets: [Packet]) { queue.put(packets) }

    /// Marks the end of the packets: the thread processes the queue and ends, and so does `replies`.
    func finish() { queue.finish() }

    private static func watch(
        _ queue: PacketQueue, with watch: Watch, statistics: LookStatistics,
        reply: (Guardian_V1_WatchReply) -> Void
    ) throws {
        var sentAttention = Attention.looking
        while let item = queue.take() {
            let report = try watch.process(item.packet)
            let dropped = queue.takeDropped()
            statistics.decoded(report.effort.decoded)
            statistics.dropped(dropped)
            guard !report.observations.isEmpty || report.attention != sentAttention || dropped > 0 else { continue }
            sentAttention = report.attention
            let latency = item.arrival.duration(to: .now)
            if !report.observations.isEmpty { statistics.addLook(latency: latency) }
            reply(
                .with {
                    $0.observations = report.observations.map(Guardian_V1_Observation.init)
                    $0.attention = report.attention.wire
                    $0.latency = UInt64(max(0, latency / .microseconds(1)))
                    $0.dropped = UInt32(clamping: dropped)
                })
        }
    }
}

extension Attention {
    var wire: Guardian_V1_Attention {
        switch self {
        case .quiet: .quiet
        case .still: .still
        case .looking: .looking
        }
    }
}
