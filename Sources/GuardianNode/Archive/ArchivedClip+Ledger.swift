import GuardianArchive
import GuardianCore

extension ArchivedClip {
    init(_ stored: StoredClip, clip: Clip?, events: [EventID], pictures: [EventID]) {
        let first = stored.parts.first
        self.init(
            id: stored.clip, camera: clip?.camera ?? first?.camera ?? CameraID(stored.clip.uuid),
            startedAt: clip?.startedAt ?? stored.clip.time,
            duration: clip.flatMap { $0.state == .recording ? nil : $0.duration },
            status: ArchiveStatus(rawValue: stored.status) ?? .pending,
            reason: stored.parts.compactMap(\.reason).first, isHeld: stored.parts.contains(where: \.isHeld),
            contentType: first?.contentType, events: events, pictures: pictures,
            parts: stored.parts.map(ArchivedPart.init))
    }
}

extension ArchivedPicture {
    init(_ part: StoredPart, status: String, event: Event?) {
        let id = EventID(part.name.subject)
        self.init(
            event: id, camera: part.camera, startedAt: event?.startedAt ?? id.time,
            status: ArchiveStatus(rawValue: status) ?? .pending, reason: part.reason, contentType: part.contentType,
            clips: event?.clips.map(\.clip) ?? [], file: ArchivedPart(part))
    }
}

extension ArchivedPart {
    init(_ part: StoredPart) {
        self.init(
            number: part.name.part, status: ArchiveStatus(part), isInterrupted: part.isInterrupted, size: part.size,
            sha256: part.sha256, bucket: part.key?.bucket.text, objectKey: part.key?.name.text, keyIDs: part.keyIDs,
            startedAt: part.startedAt, storedAt: part.storedAt,
            checkpoint: part.checkpoint.map {
                Checkpoint(plaintextLength: $0.plaintextLength, at: $0.at, signed: $0.bytes)
            })
    }
}

extension ArchiveStatus {
    init(_ part: StoredPart) {
        self =
            switch part.state {
            case .uploading, .sealed: part.size > 0 ? .uploading : .pending
            case .stored: part.isInterrupted ? .interrupted : .stored
            case .refused: .refused
            case .failed: .failed
            }
    }
}
