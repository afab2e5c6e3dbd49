import GuardianCore
import GuardianJournal

/// Lists a tenant's archive, with the clips' data from its edges' journals.
struct ArchiveListing: Sendable {
    private let archive: TenantArchive
    private let catalogue: Catalogue

    init(_ scope: TenantScope) {
        archive = scope.archive
        catalogue = scope.cache.catalogue
    }

    /// Returns a page of clips, newest first.
    ///
    /// - Throws: `invalidArgument` for a cursor that this node did not issue.
    func clips(_ query: ArchiveQuery, limit: Int, cursor: String?) async throws -> ArchivePage<ArchivedClip> {
        var filter = try ClipFilter(query, after: cursor)
        if let event = query.event { filter.clips = try await catalogue.event(event)?.clips.map(\.clip) ?? [] }
        let page = try await archive.ledger.clips(filter, limit: limit)
        var items: [ArchivedClip] = []
        for stored in page.items { items.append(try await clip(stored)) }
        return ArchivePage(items: items, nextCursor: page.hasMore ? page.items.last?.clip.description : nil)
    }

    /// - Throws: `notFound` when the archive has no part of it.
    func clip(_ clip: ClipID) async throws -> ArchivedClip {
        let page = try await archive.ledger.clips(ClipFilter(clips: [clip]), limit: 1)
        guard let stored = page.items.first else { throw GuardianError.noArchived(clip) }
        return try await self.clip(stored)
    }

    /// Returns a page of events' pictures, newest first.
    ///
    /// - Throws: `invalidArgument` for a cursor that this node did not issue.
    func pictures(_ query: ArchiveQuery, limit: Int, cursor: String?) async throws -> ArchivePage<ArchivedPicture> {
        var filter = try ClipFilter(query, after: cursor)
        filter.kind = .snapshot
        filter.clips = query.event.map { [ClipID($0.uuid)] }
        let page = try await archive.ledger.clips(filter, limit: limit)
        var items: [ArchivedPicture] = []
        for stored in page.items { if let picture = try await picture(stored) { items.append(picture) } }
        return ArchivePage(items: items, nextCursor: page.hasMore ? items.last?.event.description : nil)
    }

    /// - Throws: `notFound` when the archive has no picture of this event.
    func picture(_ event: EventID) async throws -> ArchivedPicture {
        let page = try await archive.ledger.clips(ClipFilter(kind: .snapshot, clips: [ClipID(event.uuid)]), limit: 1)
        guard let stored = page.items.first, let picture = try await picture(stored) else {
            throw GuardianError.noArchivedPicture(of: event)
        }
        return picture
    }

    /// Puts a clip on hold or releases it, and returns the changed clip.
    ///
    /// - Throws: `notFound` when the archive has no part of it.
    func hold(_ clip: ClipID, _ isHeld: Bool) async throws -> ArchivedClip {
        try await archive.hold(clip, isHeld)
        return try await self.clip(clip)
    }

    func report() async throws -> ArchiveReport {
        ArchiveReport(
            try await archive.ledger.usage(), quota: archive.ledger.quota, problems: await archive.problems(),
            notes: archive.notes)
    }

    private func clip(_ stored: StoredClip) async throws -> ArchivedClip {
        let events = try await catalogue.events(in: stored.clip)
        return ArchivedClip(
            stored, clip: try await catalogue.clip(stored.clip)?.clip, events: events,
            pictures: try await archive.ledger.pictures(of: events))
    }

    private func picture(_ stored: StoredClip) async throws -> ArchivedPicture? {
        guard let part = stored.parts.first else { return nil }
        return ArchivedPicture(
            part, status: stored.status, event: try await catalogue.event(EventID(stored.clip.uuid)))
    }
}

extension ClipFilter {
    /// - Parameter cursor: the id of the last item of the page before.
    /// - Throws: `invalidArgument` for another cursor.
    init(_ query: ArchiveQuery, after cursor: String?) throws {
        self.init(cameras: query.cameras, from: query.from, to: query.to, status: query.status?.rawValue)
        guard let cursor else { return }
        guard let last = ClipID(cursor) else { throw GuardianError.notACursor }
        after = last
    }
}
