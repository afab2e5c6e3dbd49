import Foundation
import GuardianArchive
import GuardianCore
import GuardianOperations
import GuardianStorage

/// An event's sealed snapshot and its checkpoint.
struct SealedPicture: Sendable {
    /// The whole sealed file.
    var bytes: [UInt8]
    /// The device's signature over the file's length and hash.
    var checkpoint: [UInt8]
}

/// Seals the snapshots of events and keeps each sealed file on disk until the archive has stored it. An upload therefore
/// continues with the same bytes after an interruption or a restart, and a snapshot never needs a second part. The actor
/// reads and writes files, so it runs on its own queue.
actor SealedPictures {
    private let folder: String
    private let settings: ArchiveSettings
    private let snapshots: SnapshotStore
    private let clock: any WallClock
    private let executor = QueueExecutor(label: "sealing pictures")

    init(folder: String, settings: ArchiveSettings, snapshots: SnapshotStore, clock: any WallClock) {
        self.folder = folder
        self.settings = settings
        self.snapshots = snapshots
        self.clock = clock
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Returns the event's sealed snapshot. Seals the event's current snapshot if none was sealed before.
    ///
    /// - Throws: `notFound` when the event has no snapshot or its file is missing; `unavailable` while its disk is
    ///   away; `dataLoss` when the file's hash is not that in the journal; `resourceExhausted` when the sealed file cannot be written.
    func picture(of event: Event) throws -> SealedPicture {
        if let stored = stored(event.id) { return stored }
        guard let snapshot = event.snapshot else { throw GuardianError(.notFound, "The event has no picture.") }
        let path = snapshots.path(of: snapshot, event: event.id)
        guard let jpeg = FileManager.default.contents(atPath: path) else {
            guard snapshots.isGone(path) else {
                throw GuardianError(.unavailable, "The event's picture cannot be read now: its disk is away, or fails.")
            }
            throw GuardianError(.notFound, "The event's picture is not on the disk any more.")
        }
        guard Hash256.sha256(of: Array(jpeg)) == snapshot.sha256 else {
            throw GuardianError(.dataLoss, "The event's picture does not have the hash that is in the journal.")
        }
        let sealer = try ClipSealer(
            ClipFields(snapshotOf: event.id, camera: event.camera), to: settings.recipients(), signer: settings.signer)
        let bytes = sealer.opening + (try sealer.append(jpeg)) + (try sealer.finish())
        let picture = SealedPicture(bytes: bytes, checkpoint: try sealer.checkpoint(at: clock.now()).bytes)
        try store(picture, of: event.id)
        return picture
    }

    /// Deletes the sealed file: the archive has stored it, or it will not be sent.
    func remove(_ event: EventID) { unlink(path(of: event)) }

    private func path(of event: EventID) -> String { "\(folder)/\(event).picture" }

    private func stored(_ event: EventID) -> SealedPicture? {
        guard let file = FileManager.default.contents(atPath: path(of: event)), file.count > Checkpoint.size else {
            return nil
        }
        return SealedPicture(
            bytes: Array(file.dropFirst(Checkpoint.size)), checkpoint: Array(file.prefix(Checkpoint.size)))
    }

    /// Writes the sealed file durably before its first byte is sent: the same part is never sealed twice.
    private func store(_ picture: SealedPicture, of event: EventID) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try Durability.replace(path(of: event), with: picture.checkpoint + picture.bytes)
        } catch {
            throw GuardianError(.resourceExhausted, "A sealed picture cannot be written: make room.", cause: error)
        }
    }
}
