import GuardianCore
import Logging

/// Removes stored clips, those stored first going first: after their days, or to make room. What is held stays.
actor Retention {
    private let ledger: PartLedger
    private let place: ArchivePlace
    private let logger: Logger

    init(ledger: PartLedger, place: ArchivePlace, logger: Logger) {
        self.ledger = ledger
        self.place = place
        self.logger = logger
    }

    /// Makes the room that a part lacks, where the quota is kept in that way.
    ///
    /// - Returns: whether it was all made.
    func makeRoom(_ shortage: Shortage) async throws -> Bool {
        guard ledger.quota.whenFull == .removeOldest else { return false }
        var (bytes, objects) = (shortage.bytes, shortage.objects)
        while bytes > 0 || objects > 0 {
            guard let oldest = try await ledger.removable(of: shortage.camera, limit: 1).first else { return false }
            for part in try await clip(of: oldest) {
                do { try await remove(part, because: "there was no room") } catch let error as GuardianError {
                    logger.warning("no room could be made", metadata: ["reason": "\(error)"])
                    return false
                }
                bytes -= part.size
                objects -= 1
            }
        }
        return true
    }

    /// Removes what was stored longer ago than the archive keeps it.
    func removeExpired(at time: Timestamp) async throws {
        guard let days = ledger.quota.days else { return }
        let limit = time.milliseconds - Int64(days) * 86_400_000
        while !Task.isCancelled {
            let expired = try await ledger.removable(of: nil, storedBefore: limit)
            guard !expired.isEmpty else { return }
            for part in expired { try await remove(part, because: "its days were over") }
        }
    }

    /// A clip goes whole: a part without those before it is of little use.
    private func clip(of part: StoredPart) async throws -> [StoredPart] {
        guard part.name.kind == .clip else { return [part] }
        let parts = try await ledger.parts(of: ClipID(part.name.subject))
        return parts.filter { $0.state == .stored && !$0.isHeld }
    }

    /// The object goes first: a fall in between leaves a row, whose object is removed again the next time.
    private func remove(_ part: StoredPart, because reason: String) async throws {
        if let key = part.key { try await place.store.delete(key) }
        try await ledger.forget(part)
        logger.info("a part is removed", metadata: ["part": "\(part.name)", "reason": "\(reason)"])
    }
}
