import Foundation
import GuardianCore
import ServiceLifecycle

/// Writes the time to a file every two seconds, so that after a crash the coverage gap has a start.
struct Heartbeat: Service {
    let path: String
    let clock: any WallClock
    var monotonic: any MonotonicClock = SystemMonotonicClock()

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                beat()
                try? await monotonic.sleep(for: .seconds(2))
            }
        }
        // After a clean end there is no file: coverage has an entry for the end.
        unlink(path)
    }

    /// Returns when the previous process last wrote the file; `nil` when it ended cleanly.
    func lastBeat() -> Timestamp? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return Int64(text.trimmingCharacters(in: .whitespacesAndNewlines)).map { Timestamp(milliseconds: $0) }
    }

    private func beat() {
        // Recording reports a full or missing disk; a missed heartbeat only widens the gap.
        try? Data("\(clock.now().milliseconds)\n".utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
