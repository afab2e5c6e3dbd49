import GuardianCore
import GuardianJournal
import Logging
import ServiceLifecycle

/// Writes what a camera's recorder did into the journal.
struct ClipJournal: Service {
    let recorder: ClipRecorder
    let journal: Journal
    let logger: Logger

    /// Ends when the recorder has, so that its last clip is written down.
    func run() async throws {
        for await outcome in recorder.outcomes {
            do {
                switch outcome {
                case .opened(let clip): try await journal.append([.clipOpened(clip)], at: clip.startedAt)
                case .closed(let clip):
                    try await journal.append([.clipClosed(clip)], at: clip.startedAt + clip.duration)
                }
            } catch {
                // The next start adopts the file.
                logger.error("the journal took no clip", metadata: ["reason": "\(error)"])
            }
        }
        try? await gracefulShutdown()
    }
}
