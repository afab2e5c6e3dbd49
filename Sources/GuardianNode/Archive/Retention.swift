import GuardianArchive
import GuardianCore
import Logging

/// Removes stored clips, oldest first: when they expire, or to make room. Clips on hold are never removed.
actor Retention {
    private let ledger: PartLedger
    private let objects: any ObjectStore
    private let places: StorePlaces
    private let logger: Logger

    init(ledger: PartLedger, objects: any ObjectStore, places: StorePlaces, logger: Logger) {
        self.ledger = ledger
        self.objects = objects
        self.places = places
        self.logger = logger
    }

    /// Makes room for a part by removing the oldest clips, if the quota says so.
    ///
    /// - Returns: whether there is enough room now.
    func makeRoom(_ shortage: Shortage) async throws -> Bool {
        guard ledger.quota.whenFull == .removeOldest else { return false }
        var (bytes, objects) = (shortage.bytes, shortage.objects)
        while bytes > 0 || objects > 0 {
            guard let oldest = try await ledger.removable(of: shortage.camera, limit: 1).first else { return false }
            for part in try await clip(of: oldest) {
                do { try await remove(part, because: "the archive is full") } catch let error as GuardianError {
                    logger.warning("making room in the archive failed", metadata: ["reason": "\(error)"])
                    return false
                }
                bytes -= part.size
                objects -= 1
            }
        }
        return true
    }

    /// Removes what was stored longer ago than the quota's `days`.
    func removeExpired(at time: Timestamp) async throws {
        guard let days = ledger.quota.days else { return }
        let limit = time.milliseconds - Int64(days) * 86_400_000
        while !Task.isCancelled {
            let expired = try await ledger.removable(of: nil, storedBefore: limit)
            guard !expired.isEmpty else { return }
            for part in expired { try await remove(part, because: "its retention time is over") }
        }
    }

    /// Returns all removable parts of the part's clip: a part without the earlier ones is of little use.
    private func clip(of part: StoredPart) async throws -> [StoredPart] {
        guard part.name.kind == .clip else { return [part] }
        let parts = try await ledger.parts(of: ClipID(part.name.subject))
        return parts.filter { $0.state == .stored && !$0.isHeld }
    }

    /// Deletes the object first: a crash in between leaves the row, and the next run deletes the object again.
    private func remove(_ part: StoredPart, because reason: String) async throws {
        if let key = part.key {
            // In an empty folder, such as that of a disk that is not mounted, deleting would seem to succeed.
            try await places.require(key.bucket)
            try await objects.delete(key)
        }
        try await ledger.forget(part)
        logger.info("part removed", metadata: ["part": "\(part.name)", "reason": "\(reason)"])
    }
}
