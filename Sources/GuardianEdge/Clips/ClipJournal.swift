import GuardianCore
import GuardianJournal
import Logging
import ServiceLifecycle

/// Writes the clips that a camera's recorder opened and closed into the journal.
struct ClipJournal: Service {
    let recorder: ClipRecorder
    let journal: Journal
    let logger: Logger

    /// Runs until the recorder's outcomes end, so that its last clip is in the journal.
    func run() async throws {
        for await outcome in recorder.outcomes {
            do {
                switch outcome {
                case .opened(let clip): try await journal.append([.clipOpened(clip)], at: clip.startedAt)
                case .closed(let clip):
                    try await journal.append([.clipClosed(clip)], at: clip.startedAt + clip.duration)
                }
            } catch {
                // The next start adopts the clip's file.
                logger.error("writing a clip to the journal failed", metadata: ["reason": "\(error)"])
            }
        }
        try? await gracefulShutdown()
    }
}
