import GuardianArchive
import GuardianCore
import Logging

/// Removes stored clips, oldest first: when they expire, or to make room. Clips on hold are never removed.
///
/// A removal is decided in the table first, in one transaction with the check for holds; from then on a hold is refused.
/// Then the object is deleted, then the row. After a crash in between, `resume` does the rest.
actor Retention {
    private let ledger: PartLedger
    private let objects: any ObjectStore
    private let places: StorePlaces
    private let logger: Logger
    /// Rows that this process is removing.
    private var active: Set<Int64> = []
    private var isMakingRoom = false
    private var queue: [CheckedContinuation<Void, Never>] = []

    /// Failures in a row after which the store counts as unavailable.
    private static let patience = 3

    init(ledger: PartLedger, objects: any ObjectStore, places: StorePlaces, logger: Logger) {
        self.ledger = ledger
        self.objects = objects
        self.places = places
        self.logger = logger
    }

    private enum Outcome {
        case removed
        /// It is on hold, is gone, or its place is away.
        case spared
        case failed(any Error)
    }

    /// Runs `attempt`, which takes room, and removes the oldest clips until it succeeds, if the quota says so and enough
    /// can be removed. One caller at a time, so that no two count on the same room.
    ///
    /// - Returns: the attempt's value, and what is missing when there is no room.
    func makeRoom<Value: Sendable>(
        for attempt: @Sendable () async throws -> (Value, Shortage?)
    ) async throws -> (Value, Shortage?) {
        let first = try await attempt()
        guard first.1 != nil, ledger.quota.whenFull == .removeOldest else { return first }
        await enter()
        defer { leave() }
        while true {
            let result = try await attempt()
            guard let shortage = result.1, try await free(shortage) else { return result }
        }
    }

    private func enter() async {
        guard isMakingRoom else {
            isMakingRoom = true
            return
        }
        await withCheckedContinuation { queue.append($0) }
    }

    private func leave() {
        guard !queue.isEmpty else {
            isMakingRoom = false
            return
        }
        queue.removeFirst().resume()
    }

    /// Removes the oldest clips.
    ///
    /// - Returns: whether so much was removed that another attempt may succeed. Nothing is removed when all that may be
    ///   removed would not be enough.
    private func free(_ shortage: Shortage) async throws -> Bool {
        guard try await ledger.canMakeRoom(for: shortage) else { return false }
        var (bytes, objects) = (shortage.bytes, shortage.objects)
        while bytes > 0 || objects > 0 {
            guard let oldest = try await ledger.removable(of: shortage.camera, limit: 1).first else { return false }
            let parts = try await begin(try await clip(of: oldest))
            // On hold since it was found.
            guard !parts.isEmpty else { continue }
            for (number, part) in parts.enumerated() {
                switch await finish(part, because: "the archive is full") {
                case .removed:
                    bytes -= part.size
                    objects -= 1
                case .failed(let error) where !Self.mayPass(error):
                    // It is left alone from now on; the next oldest is removed instead.
                    logger.warning("making room in the archive failed", metadata: ["reason": "\(error)"])
                case .failed(let error):
                    logger.warning("making room in the archive failed", metadata: ["reason": "\(error)"])
                    for other in parts[(number + 1)...] { await giveUp(other) }
                    return false
                case .spared:
                    for other in parts[(number + 1)...] { await giveUp(other) }
                    return false
                }
            }
        }
        return true
    }

    /// Removes what was stored longer ago than the quota's `days`. What cannot be removed does not keep the rest.
    ///
    /// - Throws: when the store is unavailable.
    func removeExpired(at time: Timestamp) async throws {
        guard let days = ledger.quota.days else { return }
        let limit = time.milliseconds - Int64(days) * 86_400_000
        try await removeAll(because: "its retention time is over") { last in
            try await ledger.removable(of: nil, storedBefore: limit, after: last)
        }
    }

    /// Finishes the removals that a crash interrupted.
    func resume() async throws {
        try await removeAll(because: "its removal had begun") { last in
            try await ledger.beingRemoved(after: last)
        }
    }

    private func removeAll(
        because reason: String, _ page: (_ last: StoredPart?) async throws -> [StoredPart]
    ) async throws {
        var last: StoredPart?
        var (failures, kept) = (0, 0)
        while !Task.isCancelled {
            let parts = try await page(last)
            guard let end = parts.last else { break }
            for part in parts where !active.contains(part.row) {
                guard let begun = try await begin([part]).first else { continue }
                switch await finish(begun, because: reason) {
                case .removed: failures = 0
                case .spared: break
                case .failed(let error) where Self.mayPass(error):
                    failures += 1
                    guard failures < Self.patience else { throw error }
                case .failed(let error):
                    if kept == 0 {
                        logger.warning(
                            "parts cannot be removed", metadata: ["part": "\(part.name)", "reason": "\(error)"])
                    }
                    kept += 1
                }
            }
            last = end
        }
    }

    /// Returns all removable parts of the part's clip: a part without the earlier ones is of little use.
    private func clip(of part: StoredPart) async throws -> [StoredPart] {
        guard part.name.kind == .clip else { return [part] }
        return try await ledger.parts(of: ClipID(part.name.subject))
    }

    /// Decides the removal of those of the parts that may be removed still.
    private func begin(_ parts: [StoredPart]) async throws -> [StoredPart] {
        let free = parts.filter { !active.contains($0.row) }
        active.formUnion(free.map(\.row))
        var begun: [StoredPart] = []
        defer { active.subtract(Set(free.map(\.row)).subtracting(begun.map(\.row))) }
        begun = try await ledger.beginRemoval(of: free)
        return begun
    }

    private func finish(_ part: StoredPart, because reason: String) async -> Outcome {
        defer { active.remove(part.row) }
        do {
            if let key = part.key {
                // In an empty folder, such as that of a disk that is not mounted, deleting would seem to succeed.
                guard try await places.absence(of: key.bucket) == nil else {
                    try await ledger.endRemoval(of: part, isPossible: true)
                    return .spared
                }
                try await objects.delete(key)
            }
            try await ledger.forget(part)
            logger.info("part removed", metadata: ["part": "\(part.name)", "reason": "\(reason)"])
            return .removed
        } catch {
            try? await ledger.endRemoval(of: part, isPossible: Self.mayPass(error))
            return .failed(error)
        }
    }

    private func giveUp(_ part: StoredPart) async {
        try? await ledger.endRemoval(of: part, isPossible: true)
        active.remove(part.row)
    }

    /// Whether the same removal may succeed later; an object that is locked or that these keys may not delete is left
    /// alone until the next upkeep.
    private static func mayPass(_ error: any Error) -> Bool { (error as? GuardianError)?.isRetryable ?? true }
}
