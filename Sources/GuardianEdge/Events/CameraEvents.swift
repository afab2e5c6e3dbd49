import GuardianCore
import GuardianJournal
import GuardianMedia
import GuardianVision
import Logging
import ServiceLifecycle
import Synchronization

/// Queues one camera's inputs and processes them in order. The pipeline turns them into journal entries.
package final class CameraEvents: Service {
    private let pipeline: EventPipeline
    private let monotonic: any MonotonicClock
    private let inputs: AsyncStream<CameraInput>
    private let continuation: AsyncStream<CameraInput>.Continuation

    /// Most inputs that may wait: at least a minute of frame analyses.
    private static let limit = 512

    package init(pipeline: EventPipeline, monotonic: any MonotonicClock = SystemMonotonicClock()) {
        self.pipeline = pipeline
        self.monotonic = monotonic
        (inputs, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.limit))
    }

    /// Adds an input without waiting. When the queue is full, the oldest input is dropped.
    package func post(_ input: CameraInput) { continuation.yield(input) }

    /// Whether an event is open.
    package var isOccupied: Bool { pipeline.isOccupied }

    package func run() async throws {
        let (continuation, monotonic) = (continuation, monotonic)
        // A discarding group keeps nothing of a picture that was made; another would keep a child for each.
        await withDiscardingTaskGroup { group in
            group.addTask {
                await cancelWhenGracefulShutdown {
                    while !Task.isCancelled {
                        try? await monotonic.sleep(for: .milliseconds(500))
                        continuation.yield(.tick)
                    }
                }
                continuation.finish()
            }
            for await input in inputs {
                for request in await pipeline.process(input) {
                    group.addTask { [pipeline] in
                        if let picture = await pipeline.picture(of: request) { continuation.yield(picture) }
                    }
                }
            }
            await pipeline.close()
        }
    }
}
