import GuardianCore
import GuardianHTTP
import GuardianJournal

extension EventReading {
    /// Reads a tenant's events from its edges' journals.
    ///
    /// Journals hold only the UUIDs of cameras. Every event here was delivered.
    ///
    /// - Parameter servesFiles: whether clips and pictures, which stay at the edge, can be fetched from there.
    init(_ cache: EventCache, cameras: CameraNames, servesFiles: Bool) {
        let catalogue = cache.catalogue
        self.init(
            list: { query, limit, cursor in
                let page = try await catalogue.events(
                    EventFilter(query), limit: limit, after: try PageCursor(of: cursor))
                return (page.items, page.next?.description)
            },
            event: { try await catalogue.event($0) },
            events: { try await catalogue.events($0) },
            neighbours: { try await catalogue.neighbours(of: $0, cameras: $1) },
            clips: { try await catalogue.clips($0).mapValues(\.clip) },
            delivery: { try await cache.delivery(of: $0) },
            density: { query, from, to, step in
                try await catalogue.density(EventFilter(query), from: from, to: to, step: step)
                    .map { (at: $0.at, count: $0.count) }
            },
            position: { cache.position },
            changes: { after, send in
                for try await change in cache.changes(after: after) {
                    try await send(change.sequence, change.events)
                }
            },
            cameras: cameras, servesFiles: servesFiles)
        kept = { try await catalogue.kept(of: $0) }
    }
}

extension EventFilter {
    init(_ query: EventQuery) {
        self.init(cameras: query.cameras, label: query.label, from: query.from, to: query.to, isKept: query.isKept)
    }
}

extension PageCursor {
    /// - Throws: `invalid_argument` when the text is not a cursor.
    init?(of text: String?) throws {
        guard let text else { return nil }
        guard let cursor = PageCursor(text) else { throw GuardianError.notACursor }
        self = cursor
    }
}
