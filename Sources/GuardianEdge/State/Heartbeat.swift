import Foundation
import GuardianCore
import ServiceLifecycle

/// Writes the time to a file every two seconds, so that after a crash the coverage gap has a start.
package struct Heartbeat: Service {
    let path: String
    let clock: any WallClock
    var monotonic: any MonotonicClock = SystemMonotonicClock()

    package init(path: String, clock: any WallClock) {
        self.path = path
        self.clock = clock
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                beat()
                try? await monotonic.sleep(for: .seconds(2))
            }
        }
        // After a clean end there is no file: coverage has an entry for the end.
        unlink(path)
    }

    /// Returns when the previous process last wrote the file; `nil` when it ended cleanly. A file without a plausible time was
    /// damaged, not removed: then the time of its last change counts.
    package func lastBeat() -> Timestamp? {
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
}
