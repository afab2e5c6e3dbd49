import Foundation
import GuardianCore
import GuardianJournal
import Logging
import ServiceLifecycle

/// Deletes pictures that the retention of clips left behind: those whose footage older versions deleted without them, and those
/// whose deletion a crash cut short after its tombstone, or a disk that was away. Runs at the start, and again after pictures could not be
/// deleted, once their disk is there. It looks at the pictures on the disk: their number is bounded by the footage there, that of
/// deleted clips grows for ever.
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
            /// How many pictures were undeleted when all were looked at last.
            var done: Int?
            while !Task.isCancelled {
                let undeleted = snapshots.undeletedCount
                do {
                    if undeleted != done, snapshots.isReachable {
                        try await expire()
                        // The disk may have gone away meanwhile.
                        if snapshots.isReachable { done = undeleted }
                    }
                } catch is CancellationError {
                    return
                } catch {
                    logger.error("deleting old pictures failed, retrying", metadata: ["reason": "\(error)"])
                }
                try? await monotonic.sleep(for: .seconds(5))
            }
        }
    }

    /// Writes tombstones for pictures all of whose event's clips are deleted, and deletes the files of pictures that have one.
    package func expire() async throws {
        for files in snapshots.files(perBatch: min(200, JournalLimits.append)) {
            let events = Array(Set(files.map(\.event)))
            let expired = try await journal.catalogue.expiredPictures(of: events)
            try await journal.append(
                expired.map { event, snapshot in
                    .tombstone(Tombstone(subject: .snapshot(event), reason: .expired, sha256: snapshot.sha256))
                }, at: clock.now())
            let deleted = try await journal.catalogue.deletedPictures(of: events)
            for file in files where deleted.contains(file.event) { unlink(file.path) }
            try Task.checkCancellation()
        }
    }
}
