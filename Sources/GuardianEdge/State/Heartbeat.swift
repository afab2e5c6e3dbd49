import Foundation
import GuardianCore
import ServiceLifecycle

/// Says every few seconds that the edge runs, so that after a fall the hole in the coverage has a beginning.
struct Heartbeat: Service {
    let path: String
    let clock: any WallClock

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                beat()
                try? await Task.sleep(for: .seconds(2))
            }
        }
        // An end in order leaves nothing behind: the coverage has an entry for it.
        unlink(path)
    }

    /// The last moment that the edge before us is known to have run, when it fell.
    func lastBeat() -> Timestamp? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return Int64(text.trimmingCharacters(in: .whitespacesAndNewlines)).map { Timestamp(milliseconds: $0) }
    }

    private func beat() {
        // A disk that is full or gone is told by the recording; a missed beat only widens the hole.
        try? Data("\(clock.now().milliseconds)\n".utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
