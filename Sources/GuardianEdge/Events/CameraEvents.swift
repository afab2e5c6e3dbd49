import GuardianCore
import GuardianJournal
import GuardianMedia
import GuardianVision
import Logging
import ServiceLifecycle
import Synchronization

/// One camera's events: what is seen goes in, journal entries come out. Everything that happens at the camera comes
/// through one queue, in order.
final class CameraEvents: Service {
    private let pipeline: EventPipeline
    private let inputs: AsyncStream<CameraInput>
    private let continuation: AsyncStream<CameraInput>.Continuation

    /// Inputs that may wait: a minute of looks.
    private static let limit = 512

    init(pipeline: EventPipeline) {
        self.pipeline = pipeline
        (inputs, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.limit))
    }

    /// Takes in what happened; never waits. When nobody takes out for long, the oldest goes.
    func post(_ input: CameraInput) { continuation.yield(input) }

    /// Whether somebody is there now.
    var isOccupied: Bool { pipeline.isOccupied }

    func run() async throws {
        let continuation = continuation
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await cancelWhenGracefulShutdown {
                    while !Task.isCancelled {
                        try? await Task.sleep(for: .milliseconds(500))
                        continuation.yield(.tick)
                    }
                }
                continuation.finish()
            }
            for await input in inputs {
                for wanted in await pipeline.process(input) {
                    group.addTask { [pipeline] in
                        if let picture = await pipeline.picture(of: wanted) { continuation.yield(picture) }
                    }
                }
            }
            await pipeline.close()
        }
    }
}
