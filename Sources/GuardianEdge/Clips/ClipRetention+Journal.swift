import GuardianCore
import GuardianJournal

extension ClipRetention {
    /// What may go by the journal: closed clips whose files are kept, the node's first.
    static func journal(_ journal: Journal, clock: any WallClock) -> ClipRetention {
        ClipRetention(
            candidates: { limit in
                let clips = try await journal.catalogue.oldestClips(limit: limit).items
                let delivered = try await journal.outbox.delivered(clips.map(\.id))
                return clips.map {
                    Candidate(clip: $0.id, camera: $0.camera, isDelivered: delivered.contains($0.id))
                }
            },
            recordRemoval: { candidate in
                let hash = try await journal.catalogue.clip(candidate.clip)?.clip.sha256
                try await journal.append(
                    [.tombstone(Tombstone(subject: .clip(candidate.clip), reason: .expired, sha256: hash))],
                    at: clock.now())
            })
    }
}
