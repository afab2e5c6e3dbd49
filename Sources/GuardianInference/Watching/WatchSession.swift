import Foundation
import GuardianCore
import GuardianMedia
import GuardianVision
import GuardianWatch
import GuardianWire

/// One camera's watch on a thread of its own: packets go in without waiting, replies come out as a stream.
final class WatchSession: Sendable {
    let replies: AsyncThrowingStream<Guardian_V1_WatchReply, any Error>
    private let queue = PacketQueue()

    init(
        stream: StreamDescription, detector: any Detector, settings: WatchSettings, views: BestViews?,
        statistics: LookStatistics
    ) {
        // A watch belongs to one thread; it is made there, and its first failure comes out of `replies`.
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

    /// No more packets come: the thread ends after what waits, and `replies` with it.
    func finish() { queue.finish() }

    private static func watch(
        _ queue: PacketQueue, with watch: Watch, statistics: LookStatistics,
        reply: (Guardian_V1_WatchReply) -> Void
    ) throws {
        var told = Attention.looking
        while let item = queue.take() {
            let report = try watch.process(item.packet)
            let dropped = queue.takeDropped()
            statistics.decoded(report.effort.decoded)
            statistics.dropped(dropped)
            guard !report.observations.isEmpty || report.attention != told || dropped > 0 else { continue }
            told = report.attention
            let latency = item.arrival.duration(to: .now)
            if !report.observations.isEmpty { statistics.answered(after: latency) }
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
