import Foundation
import GuardianCore
import GuardianJournal
import Logging
import ServiceLifecycle

/// Deletes pictures that the retention of clips left behind: those whose footage older versions deleted without them, and those
/// whose deletion a crash cut short after its tombstone. Runs once, in the background.
package struct PictureExpiry: Service {
    let journal: Journal
    let snapshots: SnapshotStore
    let clock: any WallClock
    var monotonic: any MonotonicClock = SystemMonotonicClock()
    let logger: Logger

    package init(
        journal: Journal, snapshots: SnapshotStore, clock: any WallClock,
        monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) {
        self.journal = journal
        self.snapshots = snapshots
        self.clock = clock
        self.monotonic = monotonic
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    if snapshots.awayReason == nil {
                        try await expire()
                        try await finish()
                        break
                    }
                } catch is CancellationError {
                    return
                } catch {
                    logger.error("deleting old pictures failed, retrying", metadata: ["reason": "\(error)"])
                }
                try? await monotonic.sleep(for: .seconds(5))
            }
        }
        try? await gracefulShutdown()
    }

    /// Writes tombstones for pictures all of whose event's clips are deleted, and deletes them.
    package func expire() async throws {
        var cursor: ClipID?
        repeat {
            let clips = try await journal.catalogue.deletedClips(limit: 100, after: cursor)
            for clip in clips {
                let pictures = try await journal.catalogue.expiringPictures(with: clip).prefix(JournalLimits.append)
                try await journal.append(
                    pictures.map { event, snapshot in
                        .tombstone(Tombstone(subject: .snapshot(event), reason: .expired, sha256: snapshot.sha256))
                    }, at: clock.now())
                for (event, snapshot) in pictures { snapshots.remove(snapshot, of: event) }
            }
            cursor = clips.last
            try Task.checkCancellation()
        } while cursor != nil
    }

    /// Deletes the files of pictures that have a tombstone.
    package func finish() async throws {
        for files in snapshots.files(perBatch: 200) {
            let deleted = try await journal.catalogue.deletedPictures(of: files.map(\.event))
            for file in files where deleted.contains(file.event) { unlink(file.path) }
            try Task.checkCancellation()
        }
    }
}
