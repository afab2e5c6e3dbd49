import Crypto
import Foundation
import GuardianCore

/// Stores the events' snapshots as files: `snapshots/<yyyy-mm>/<event id>-<hash>.jpg`. A better snapshot is a new file, and
/// the old file is deleted after the journal names the new one. So the hash in the journal always has its file.
package struct SnapshotStore: Sendable {
    private let folder: String

    package init(folder: String) { self.folder = folder }

    /// Writes a snapshot's file and returns the snapshot for the journal.
    ///
    /// - Throws: `GuardianError` `.resourceExhausted` when the disk has no room.
    package func write(_ jpeg: Data, of event: EventID, width: Int, height: Int, at time: Timestamp) throws -> Snapshot
    {
        let hash = Hash256(digest: SHA256.hash(data: jpeg))
        let snapshot = Snapshot(sha256: hash, width: width, height: height, at: time)
        let path = path(of: snapshot, event: event)
        do {
            try FileManager.default.createDirectory(
                at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            try jpeg.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw GuardianError(
                .resourceExhausted, "An event's picture cannot be written: make room on the disk.", cause: error)
        }
        return snapshot
    }

    package func path(of snapshot: Snapshot, event: EventID) -> String {
        let month = event.time.rfc3339.prefix(7)
        return "\(folder)/\(month)/\(event)-\(snapshot.sha256.hex.prefix(16)).jpg"
    }

    package func remove(_ snapshot: Snapshot, of event: EventID) {
        unlink(path(of: snapshot, event: event))
    }
}
