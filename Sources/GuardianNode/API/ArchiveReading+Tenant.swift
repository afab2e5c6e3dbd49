import GuardianArchive
import GuardianCore
import GuardianHTTP
import GuardianJournal

extension ArchiveReading {
    /// Reads a tenant's archive, and the clips' data from its edges' journals. A node knows only the UUIDs of cameras.
    init(_ scope: TenantScope) {
        let (archive, catalogue) = (scope.archive, scope.cache.catalogue)
        @Sendable func view(_ stored: StoredClip) async throws -> ArchivedClipView {
            let events = try await catalogue.events(in: stored.clip)
            return ArchivedClipView(
                stored, clip: try await catalogue.clip(stored.clip)?.clip, events: events,
                pictures: try await archive.ledger.pictures(of: events))
        }
        @Sendable func picture(_ stored: StoredClip) async throws -> ArchivedPictureView? {
            guard let part = stored.parts.first else { return nil }
            return ArchivedPictureView(
                part, status: stored.status, event: try await catalogue.event(EventID(stored.clip.uuid)))
        }
        @Sendable func clipView(_ clip: ClipID) async throws -> ArchivedClipView {
            let page = try await archive.ledger.clips(ClipFilter(clips: [clip]), limit: 1)
            guard let stored = page.items.first else {
                throw GuardianError(
                    .notFound, "The archive has no clip \(clip). GET /api/v1/archive lists those that it has.")
            }
            return try await view(stored)
        }
        self.init(
            list: { query, limit, cursor in
                var filter = ClipFilter(query)
                if let event = query.event {
                    filter.clips = try await catalogue.event(event)?.clips.map(\.clip) ?? []
                }
                if let cursor {
                    guard let last = ClipID(cursor) else { throw Parameter.notACursor }
                    filter.after = last
                }
                let page = try await archive.ledger.clips(filter, limit: limit)
                var items: [ArchivedClipView] = []
                for stored in page.items { items.append(try await view(stored)) }
                return PageView(items: items, nextCursor: page.hasMore ? page.items.last?.clip.description : nil)
            },
            clip: clipView, content: { try await archive.content($0) },
            pictures: { query, limit, cursor in
                var filter = ClipFilter(query)
                filter.kind = .snapshot
                filter.clips = query.event.map { [ClipID($0.uuid)] }
                if let cursor {
                    guard let last = ClipID(cursor) else { throw Parameter.notACursor }
                    filter.after = last
                }
                let page = try await archive.ledger.clips(filter, limit: limit)
                var items: [ArchivedPictureView] = []
                for stored in page.items { if let view = try await picture(stored) { items.append(view) } }
                return PageView(items: items, nextCursor: page.hasMore ? items.last?.eventId.description : nil)
            },
            picture: { event in
                let page = try await archive.ledger.clips(
                    ClipFilter(kind: .snapshot, clips: [ClipID(event.uuid)]), limit: 1)
                guard let stored = page.items.first, let view = try await picture(stored) else {
                    throw GuardianError(
                        .notFound,
                        "The archive has no picture of an event \(event). GET /api/v1/archive/events lists those it has."
                    )
                }
                return view
            },
            usage: {
                ArchiveUsageView(
                    try await archive.ledger.usage(), quota: archive.ledger.quota, problems: await archive.problems(),
                    notes: archive.notes)
            },
            hold: { clip, isHeld in
                try await archive.hold(clip, isHeld)
                return try await clipView(clip)
            }, cameras: CameraNames([:]))
    }
}

extension ClipFilter {
    init(_ query: ArchiveQuery) {
        self.init(camera: query.camera, from: query.from, to: query.to, status: query.status?.rawValue)
    }
}

extension ArchivedClipView {
    init(_ stored: StoredClip, clip: Clip?, events: [EventID], pictures: [EventID]) {
        let first = stored.parts.first
        self.init(
            clipId: stored.clip, cameraId: clip?.camera ?? first?.camera ?? CameraID(stored.clip.uuid),
            startedAt: clip?.startedAt ?? stored.clip.time,
            duration: clip.flatMap { $0.state == .recording ? nil : $0.duration },
            status: ArchiveStatus(rawValue: stored.status) ?? .pending,
            reason: stored.parts.compactMap(\.reason).first, held: stored.parts.contains(where: \.isHeld),
            contentType: first?.contentType, events: events, pictures: pictures,
            parts: stored.parts.map(ArchivedPartView.init))
    }
}

extension ArchivedPictureView {
    init(_ part: StoredPart, status: String, event: Event?) {
        let id = EventID(part.name.subject)
        self.init(
            eventId: id, cameraId: part.camera, startedAt: event?.startedAt ?? id.time,
            status: ArchiveStatus(rawValue: status) ?? .pending, reason: part.reason, contentType: part.contentType,
            clips: event?.clips.map(\.clip) ?? [], file: ArchivedPartView(part))
    }
}

extension ArchivedPartView {
    init(_ part: StoredPart) {
        self.init(
            part: part.name.part, status: ArchiveStatus(part), interrupted: part.isInterrupted, size: part.size,
            sha256: part.sha256, objectKey: part.key?.name.text, bucket: part.key?.bucket.text, keyIds: part.keyIDs,
            startedAt: part.startedAt, storedAt: part.storedAt,
            checkpoint: part.checkpoint.map {
                CheckpointView(plaintextLength: $0.plaintextLength, at: $0.at, signed: $0.bytes)
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
