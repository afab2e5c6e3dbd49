import GuardianCore
import GuardianHTTP
import Synchronization

/// Caches the files of complete clips for two seconds. A player requests many ranges of one file in a row, and a complete clip
/// does not change. A deletion is noticed within two seconds.
final class ClipFileCache: Sendable {
    private static let age: Duration = .seconds(2)
    private static let capacity = 64

    private struct Entry {
        let file: ServedFile
        let since: ContinuousClock.Instant
    }

    private let monotonic: any MonotonicClock
    private let entries = Mutex<[ClipID: Entry]>([:])

    init(monotonic: any MonotonicClock = SystemMonotonicClock()) { self.monotonic = monotonic }

    /// Returns the clip's file from the cache, or from `find`.
    func file(of clip: ClipID, or find: () async throws -> ServedFile) async rethrows -> ServedFile {
        let now = monotonic.now()
        if let entry = entries.withLock({ $0[clip] }), now - entry.since < Self.age { return entry.file }
        let file = try await find()
        entries.withLock { entries in
            entries[clip] = nil
            guard !file.isGrowing else { return }
            if entries.count >= Self.capacity { entries = entries.filter { now - $0.value.since < Self.age } }
            guard entries.count < Self.capacity else { return }
            var warm = file
            warm.isWarm = true
            entries[clip] = Entry(file: warm, since: now)
        }
        return file
    }
}
