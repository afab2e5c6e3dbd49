import GuardianCore

extension ClipStore {
    /// Clips of one round: a shorter time deletes many, and the disk has also to record.
    static let agedPerRound = 16

    /// Deletes clips that began before these times, the oldest first, at most `agedPerRound`. Deletes nothing while the clips' disk
    /// is away.
    ///
    /// - Returns: whether there may be more of them.
    /// - Throws: what reading the journal or recording a removal throws.
    package func removeAged(before times: ClipAgeLimit.Times) async throws -> Bool {
        guard isPlacePresent else { return false }
        let retention = retention.withLock { $0 }
        let (open, stuck) = (openClips, undeletable.withLock { $0 })
        let candidates = try await retention.aged(times, Self.agedPerRound + stuck.count).filter {
            !open.contains($0.clip) && !stuck.contains($0.clip)
        }
        var removed = 0
        for candidate in candidates.prefix(Self.agedPerRound) {
            try Task.checkCancellation()
            if try await remove(candidate, retention) == .removed { removed += 1 }
        }
        return removed > 0 && candidates.count >= Self.agedPerRound
    }
}
