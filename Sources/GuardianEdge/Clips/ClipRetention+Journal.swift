import GuardianCore
import GuardianJournal

extension ClipRetention {
    /// Retention by the journal. Candidates are closed clips whose files exist and whose events are not kept. Safe clips come
    /// first: the node has their entries, and they are archived or need not be.
    ///
    /// - Parameter archive: ledger of clips to archive; `nil` without an archive.
    package static func journal(_ journal: Journal, archive: ArchiveLedger?, clock: any WallClock) -> ClipRetention {
        ClipRetention(
            candidates: { limit in
                var undelivered: [Candidate] = []
                var cursor: PageCursor?
                repeat {
                    let page = try await journal.catalogue.oldestClips(limit: 500, after: cursor)
                    let delivered = try await journal.outbox.delivered(page.items.map(\.id))
                    let unarchived = try await archive?.unarchived(of: page.items.map(\.id)) ?? []
                    let candidates = page.items.map {
                        Candidate(
                            clip: $0.id, camera: $0.camera,
                            isDelivered: delivered.contains($0.id) && !unarchived.contains($0.id))
                    }
                    let safe = candidates.filter(\.isDelivered)
                    if !safe.isEmpty { return Array(safe.prefix(limit)) }
                    if undelivered.isEmpty { undelivered = Array(candidates.prefix(limit)) }
                    cursor = page.next
                } while cursor != nil
                return undelivered
            },
            recordRemoval: { candidate in
                let hash = try await journal.catalogue.clip(candidate.clip)?.clip.sha256
                try await journal.append(
                    [.tombstone(Tombstone(subject: .clip(candidate.clip), reason: .expired, sha256: hash))],
                    at: clock.now())
            })
    }
}
