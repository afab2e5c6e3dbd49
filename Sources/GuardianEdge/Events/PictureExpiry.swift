import Foundation
import GuardianCore
import GuardianJournal
import GuardianOperations
import Logging
import ServiceLifecycle

/// Deletes pictures that the retention of clips left behind: those whose footage older versions deleted without them, and those
/// whose deletion a crash cut short after its tombstone, or a disk that was away. Runs at the start, and again after pictures
/// could not be deleted: five seconds later, then less and less often, while their disk is there. It looks at the pictures on
/// the disk: their number is bounded by the footage there, that of deleted clips grows for ever.
package struct PictureExpiry: Service {
    /// The pauses between two looks: a disk that refuses is asked less and less often.
    private static let pauses = Backoff(base: .seconds(5), limit: .seconds(600))

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
        await cancelWhenGracefulShutdown { await deleteUntilCancelled() }
    }

    private func deleteUntilCancelled() async {
        /// How many pictures the retention of clips had left behind when all were looked at last.
        var seen: Int?
        /// How many times in a row pictures could not be deleted.
        var failures = 0
        while !Task.isCancelled {
            let undeleted = snapshots.undeletedCount
            if undeleted != seen || failures > 0, snapshots.isReachable {
                do {
                    let left = try await expire()
                    seen = undeleted
                    failures = left == 0 ? 0 : failures + 1
                } catch is CancellationError {
                    return
                } catch {
                    failures += 1
                    logger.error("deleting old pictures failed, retrying", metadata: ["reason": "\(error)"])
                }
            }
            try? await monotonic.sleep(for: Self.pauses.ceiling(after: failures))
        }
    }

    /// Writes tombstones for pictures all of whose event's clips are deleted, and deletes the files of pictures that have one.
    ///
    /// - Returns: how many files could not be deleted, such as when their disk went away meanwhile.
    @discardableResult
    package func expire() async throws -> Int {
        var left = 0
        for files in snapshots.files(perBatch: min(200, JournalLimits.append)) {
            let events = Array(Set(files.map(\.event)))
            let expired = try await journal.catalogue.expiredPictures(of: events)
            try await journal.append(
                expired.map { event, snapshot in
                    .tombstone(Tombstone(subject: .snapshot(event), reason: .expired, sha256: snapshot.sha256))
                }, at: clock.now())
            let deleted = try await journal.catalogue.deletedPictures(of: events)
            left += files.filter { deleted.contains($0.event) && !snapshots.delete($0.path) }.count
            try Task.checkCancellation()
        }
        if left > 0 { logger.error("pictures cannot be deleted", metadata: ["count": "\(left)"]) }
        // What is on a disk that went away before its files were listed was not looked at.
        return snapshots.isReachable ? left : max(1, left)
    }
}
