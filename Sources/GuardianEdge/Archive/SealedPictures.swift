import Foundation
import GuardianArchive
import GuardianCore
import GuardianStorage

/// An event's picture, sealed, and what the device vouches for.
struct SealedPicture: Sendable {
    /// The whole file.
    var bytes: [UInt8]
    var checkpoint: [UInt8]
}

/// Pictures that are sealed and not stored yet, each in a file of its own. A picture is small: kept sealed until the
/// archive has it, it goes on after any break or restart and needs no second part. Calls block while they read and write,
/// on a queue of their own.
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

    /// The event's sealed picture: the one that was sealed before, or the one that the event has now.
    ///
    /// - Throws: `notFound` when the event has none or its file is gone, `dataLoss` when that is not the one that the
    ///   journal names.
    func picture(of event: Event) throws -> SealedPicture {
        if let known = kept(event.id) { return known }
        guard let snapshot = event.snapshot else { throw GuardianError(.notFound, "The event has no picture.") }
        guard let jpeg = FileManager.default.contents(atPath: snapshots.path(of: snapshot, event: event.id)) else {
            throw GuardianError(.notFound, "The event's picture is not on the disk any more.")
        }
        guard Hash256.sha256(of: Array(jpeg)) == snapshot.sha256 else {
            throw GuardianError(.dataLoss, "The event's picture is not the one that the journal names.")
        }
        let sealer = try ClipSealer(
            ClipFields(snapshotOf: event.id, camera: event.camera), to: settings.recipients, signer: settings.signer)
        let bytes = sealer.opening + (try sealer.append(jpeg)) + (try sealer.finish())
        let picture = SealedPicture(bytes: bytes, checkpoint: try sealer.checkpoint(at: clock.now()).bytes)
        try keep(picture, of: event.id)
        return picture
    }

    /// The archive has it, or wants it no more.
    func remove(_ event: EventID) { unlink(path(of: event)) }

    private func path(of event: EventID) -> String { "\(folder)/\(event).picture" }

    private func kept(_ event: EventID) -> SealedPicture? {
        guard let file = FileManager.default.contents(atPath: path(of: event)), file.count > Checkpoint.size else {
            return nil
        }
        return SealedPicture(
            bytes: Array(file.dropFirst(Checkpoint.size)), checkpoint: Array(file.prefix(Checkpoint.size)))
    }

    /// Durable before the first byte leaves: nothing is ever sealed twice for the same part.
    private func keep(_ picture: SealedPicture, of event: EventID) throws {
        let temporary = "\(path(of: event)).new"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            guard
                FileManager.default.createFile(
                    atPath: temporary, contents: nil, attributes: [.posixPermissions: 0o600]),
                let file = FileHandle(forWritingAtPath: temporary)
            else { throw CocoaError(.fileWriteUnknown) }
            defer { try? file.close() }
            try file.write(contentsOf: Data(picture.checkpoint + picture.bytes))
            try file.synchronize()
        } catch {
            throw GuardianError(.resourceExhausted, "A sealed picture cannot be written: make room.", cause: error)
        }
        guard rename(temporary, path(of: event)) == 0 else {
            throw GuardianError(.resourceExhausted, "A sealed picture cannot be written: make room.")
        }
        Durability.syncFolder(of: path(of: event))
    }
}
