import Foundation
import GuardianCore
import GuardianJournal
import Logging
import ServiceLifecycle

/// Writes the time and the journal's newest entry to files every two seconds: after a crash the coverage gap has a start, and a
/// restored database is recognised.
package struct Heartbeat: Service {
    let path: String
    let clock: any WallClock
    let journal: Journal
    let head: JournalHeadFile
    let logger: Logger
    var monotonic: any MonotonicClock = SystemMonotonicClock()

    init(path: String, clock: any WallClock, journal: Journal, head: JournalHeadFile, logger: Logger) {
        self.path = path
        self.clock = clock
        self.journal = journal
        self.head = head
        self.logger = logger
    }

    package func run() async throws {
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

    /// Returns when the previous process last wrote the file; `nil` when it ended cleanly. A file without a plausible time was
    /// damaged, not removed: then the time of its last change counts.
    package static func last(path: String) -> Timestamp? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let text = FileManager.default.contents(atPath: path).map { String(decoding: $0.prefix(40), as: UTF8.self) }
        let number = text.flatMap { Int64($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        return number.flatMap(Timestamp.init(plausible:))
            ?? Timestamp(clamping: Double(status.st_mtim.tv_sec))
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
