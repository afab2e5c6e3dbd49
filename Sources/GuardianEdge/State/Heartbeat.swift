import Foundation
import GuardianCore
import GuardianJournal
import Logging
import ServiceLifecycle

/// Writes the time and the journal's newest entry to files every two seconds: after a crash the coverage gap has a start, and a
/// restored database is recognised.
struct Heartbeat: Service {
    let path: String
    let clock: any WallClock
    let journal: Journal
    let head: JournalHeadFile
    let logger: Logger
    var monotonic: any MonotonicClock = SystemMonotonicClock()

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var written: ChainHead?
            while !Task.isCancelled {
                beat()
                await writeHead(unless: &written)
                try? await monotonic.sleep(for: .seconds(2))
            }
        }
        // After a clean end there is no file: coverage has an entry for the end.
        unlink(path)
    }

    /// Returns when the previous process last wrote the file; `nil` when it ended cleanly.
    static func last(path: String) -> Timestamp? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return Int64(text.trimmingCharacters(in: .whitespacesAndNewlines)).map { Timestamp(milliseconds: $0) }
    }

    private func beat() {
        // Recording reports a full or missing disk; a missed heartbeat only widens the gap.
        try? Data("\(clock.now().milliseconds)\n".utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    private func writeHead(unless written: inout ChainHead?) async {
        do {
            guard let newest = try await journal.heads(limit: 1).last, newest != written else { return }
            try head.write(newest)
            written = newest
        } catch {
            logger.debug("journal's head not written", metadata: ["reason": "\(error)"])
        }
    }
}
