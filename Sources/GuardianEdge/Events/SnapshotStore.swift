import Crypto
import Foundation
import GuardianCore
import GuardianStorage
import Synchronization

/// Stores the events' snapshots as files: `snapshots/<yyyy-mm>/<event id>-<hash>.jpg`. A better snapshot is a new file, and
/// the old file is deleted after the journal names the new one. So the hash in the journal always has its file.
package struct SnapshotStore: Sendable {
    private let folder: String
    private let place: Place?
    private let space: @Sendable (String) throws -> DiskSpace
    private let undeleted = Undeleted()

    /// How many files could not be deleted so far.
    private final class Undeleted: Sendable { let count = Atomic<Int>(0) }

    /// - Parameters:
    ///   - place: tells whether the folder's disk is away; `nil`: it never is.
    ///   - space: reads the space of a folder's disk; replaceable for tests.
    package init(
        folder: String, place: Place? = nil,
        space: @escaping @Sendable (String) throws -> DiskSpace = { try DiskSpace(of: $0) }
    ) {
        self.folder = folder
        self.place = place
        self.space = space
    }

    /// Why the folder's disk is away, as a sentence; `nil` while it is there.
    package var awayReason: String? {
        guard let place, case .away(let reason) = place.state else { return nil }
        return reason
    }

    /// Whether the folder's disk is there at this moment.
    package var isReachable: Bool { place?.isReachable ?? true }

    /// Whether a picture's file is gone, and not only its disk is away.
    func isGone(_ path: String) -> Bool { place?.lacks(path) ?? FilePresence.isMissing(path) }

    /// How many pictures `remove` could not delete so far, such as those of a disk that is away. `PictureExpiry` does it later.
    package var undeletedCount: Int { undeleted.count.load(ordering: .relaxed) }

    /// Writes a snapshot's file and returns the snapshot for the journal.
    ///
    /// - Throws: `GuardianError` `.resourceExhausted` when less than `StateRoom.pictures` bytes are free on the disk,
    ///   `.unavailable` while it is away.
    package func write(_ jpeg: Data, of event: EventID, width: Int, height: Int, at time: Timestamp) throws -> Snapshot
    {
        let hash = Hash256(digest: SHA256.hash(data: jpeg))
        let snapshot = Snapshot(sha256: hash, width: width, height: height, at: time)
        let path = path(of: snapshot, event: event)
        if let awayReason {
            throw GuardianError(.unavailable, "An event's picture cannot be written. \(awayReason)")
        }
        if let free = try? space(folder).free, free < StateRoom.pictures {
            throw GuardianError(
                .resourceExhausted, "An event's picture is not written: only \(free >> 20) MiB are free on the disk.")
        }
        do {
            try FileManager.default.createDirectory(
                at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            try jpeg.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw GuardianError(
                .resourceExhausted, "An event's picture cannot be written: make room on the disk.", cause: error)
        }
        guard place?.holds(path) ?? true else {
            // Below the mount point of a disk that went away it would be hidden once the disk is back.
            unlink(path)
            throw GuardianError(.unavailable, "An event's picture cannot be written: its disk is away.")
        }
        return snapshot
    }

    package func path(of snapshot: Snapshot, event: EventID) -> String {
        let month = event.time.rfc3339.prefix(7)
        return "\(folder)/\(month)/\(event)-\(snapshot.sha256.hex.prefix(16)).jpg"
    }

    /// Returns all pictures, in batches.
    func files(perBatch size: Int) -> some Sequence<[(event: EventID, path: String)]> {
        let names = FileManager.default.enumerator(atPath: folder)
        return IteratorSequence(Batches(folder: folder, names: names, size: size))
    }

    private struct Batches: IteratorProtocol {
        let folder: String
        let names: FileManager.DirectoryEnumerator?
        let size: Int

        mutating func next() -> [(event: EventID, path: String)]? {
            var batch: [(event: EventID, path: String)] = []
            while batch.count < size, let name = names?.nextObject() as? String {
                let file = name.split(separator: "/").last ?? ""
                // `<event id>-<hash>.jpg`: a UUID has 36 characters.
                guard file.hasSuffix(".jpg"), let event = EventID(String(file.prefix(36))) else { continue }
                batch.append((event, "\(folder)/\(name)"))
            }
            return batch.isEmpty ? nil : batch
        }
    }

    package func remove(_ snapshot: Snapshot, of event: EventID) {
        if !delete(path(of: snapshot, event: event)) { undeleted.count.add(1, ordering: .relaxed) }
    }

    /// Deletes a picture's file.
    ///
    /// - Returns: whether it is gone now.
    func delete(_ path: String) -> Bool { unlink(path) == 0 || isGone(path) }
}
