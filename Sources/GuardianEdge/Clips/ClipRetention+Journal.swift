import GuardianCore
import GuardianJournal

extension ClipRetention {
    /// Pages of 500 clips that are searched for safe ones, so that making room costs the same however many clips there are.
    private static let pages = 8

    /// Retention by the journal. The pictures of events without any clip left go with their last clip. Candidates are closed
    /// clips whose files exist and whose events are not kept. Safe clips come first, if there are any among the oldest 4,000:
    /// the node has their entries, and they are archived or need not be.
    ///
    /// - Parameters:
    ///   - archive: returns the ledger of clips to archive; `nil` without an archive. While there is no ledger, no clip counts as
    ///     archived.
    ///   - isArchiving: whether there is an archive now: it may begin at run time.
    package static func journal(
        _ journal: Journal, archive: (@Sendable () -> ArchiveLedger?)?,
        isArchiving: @escaping @Sendable () -> Bool = { true }, snapshots: SnapshotStore? = nil,
        clock: any WallClock
    ) -> ClipRetention {
        let archive: (@Sendable () -> (@Sendable () -> ArchiveLedger?)?) = { isArchiving() ? archive : nil }
        var retention = ClipRetention(
            candidates: { limit in
                let totals = try await journal.catalogue.clipTotals()
                guard totals.continuousBytes > continuousShare(of: totals.bytes) else {
                    return try await candidates(limit, journal, archive())
                }
                let surplus = try await candidates(limit, onlyContinuous: true, journal, archive())
                let others = try await candidates(limit, journal, archive())
                return surplus + others.filter { other in !surplus.contains { $0.clip == other.clip } }
            },
            recordRemoval: { candidate in
                let hash = try await journal.catalogue.clip(candidate.clip)?.clip.sha256
                let cause: Tombstone.Cause? = candidate.isAged ? .age : nil
                let pictures = try await journal.catalogue.expiringPictures(with: candidate.clip).prefix(
                    JournalLimits.append - 1)
                try await journal.append(
                    [
                        .tombstone(
                            Tombstone(subject: .clip(candidate.clip), reason: .expired, cause: cause, sha256: hash))
                    ]
                        + pictures.map { event, snapshot in
                            .tombstone(
                                Tombstone(
                                    subject: .snapshot(event), reason: .expired, cause: cause,
                                    sha256: snapshot.sha256))
                        }, at: clock.now())
                for (event, snapshot) in pictures { snapshots?.remove(snapshot, of: event) }
            })
        retention.aged = { times, limit in try await aged(times, limit, journal, archive()) }
        return retention
    }

    /// Returns clips that are too old. Whether the node has their entries does not count, because these stay in the journal.
    /// Clips that wait for the archive are passed over among the oldest 4,000, until they are too old even so.
    private static func aged(
        _ times: ClipAgeLimit.Times, _ limit: Int, _ journal: Journal, _ archive: (@Sendable () -> ArchiveLedger?)?
    ) async throws -> [Candidate] {
        var found: [Candidate] = []
        var cursor: PageCursor?
        for _ in 0..<pages {
            let page = try await journal.catalogue.agedClips(before: times.others, limit: 500, after: cursor)
            let waiting = await unarchived(of: page.items.map(\.id), archive)
            found += page.items.filter { $0.startedAt < times.waiting || !waiting.contains($0.id) }.map {
                Candidate(clip: $0.id, camera: $0.camera, isDelivered: !waiting.contains($0.id), isAged: true)
            }
            cursor = page.next
            if found.count >= limit || cursor == nil { break }
        }
        return Array(found.prefix(limit))
    }

    private static func candidates(
        _ limit: Int, onlyContinuous: Bool = false, _ journal: Journal, _ archive: (@Sendable () -> ArchiveLedger?)?
    ) async throws -> [Candidate] {
        var undelivered: [Candidate] = []
        var cursor: PageCursor?
        for _ in 0..<pages {
            let page = try await journal.catalogue.oldestClips(
                onlyContinuous: onlyContinuous, limit: 500, after: cursor)
            let delivered = try await journal.outbox.delivered(page.items.map(\.id))
            let unarchived = await unarchived(of: page.items.map(\.id), archive)
            let candidates = page.items.map {
                Candidate(
                    clip: $0.id, camera: $0.camera,
                    isDelivered: delivered.contains($0.id) && !unarchived.contains($0.id), isSurplus: onlyContinuous)
            }
            let safe = candidates.filter(\.isDelivered)
            if !safe.isEmpty { return Array(safe.prefix(limit)) }
            if undelivered.isEmpty { undelivered = Array(candidates.prefix(limit)) }
            cursor = page.next
            if cursor == nil { break }
        }
        return undelivered
    }

    private static func unarchived(
        of clips: [ClipID], _ archive: (@Sendable () -> ArchiveLedger?)?
    ) async -> Set<ClipID> {
        guard let archive else { return [] }
        // A ledger that cannot be read must not keep the recorder from making room.
        return (try? await archive()?.unarchived(of: clips)) ?? Set(clips)
    }
}
