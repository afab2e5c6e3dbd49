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
    private let inputs = Mailbox<CameraInput>()
    private let processed: Mutex<ContinuousClock.Instant>

    /// Most inputs that may wait: at least a minute of frame analyses.
    private static let limit = 512

    package init(pipeline: EventPipeline, monotonic: any MonotonicClock = SystemMonotonicClock()) {
        self.pipeline = pipeline
        self.monotonic = monotonic
        processed = Mutex(monotonic.now())
    }

    /// Adds an input without waiting. When the queue is full, the oldest observation or tick is dropped: a change of state is
    /// posted once, and coverage and continuous recording depend on it. Only a queue of nothing else loses its oldest change.
    package func post(_ input: CameraInput) {
        inputs.update { waiting in
            waiting.append(input)
            guard waiting.count > Self.limit else { return }
            waiting.remove(at: waiting.firstIndex(where: \.isRepeated) ?? 0)
        }
    }

    /// When an input was last processed; at first, when this was made.
    package var lastProcessed: ContinuousClock.Instant { processed.withLock { $0 } }

    /// Whether an event is open.
    package var isOccupied: Bool { pipeline.isOccupied }

    package func run() async throws {
        let (inputs, monotonic) = (inputs, monotonic)
        // A discarding group keeps nothing of a picture that was made; another would keep a child for each.
        await withDiscardingTaskGroup { group in
            group.addTask {
                await cancelWhenGracefulShutdown {
                    while !Task.isCancelled {
                        try? await monotonic.sleep(for: .milliseconds(500))
                        self.post(.tick)
                    }
                }
                inputs.finish()
            }
            while let input = await inputs.next() {
                let requests = await pipeline.process(input)
                let now = monotonic.now()
                processed.withLock { $0 = now }
                for request in requests {
                    group.addTask { [pipeline] in
                        if let picture = await pipeline.picture(of: request) { self.post(picture) }
                    }
                }
            }
            await pipeline.close()
        }
    }
}
