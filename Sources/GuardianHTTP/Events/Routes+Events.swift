import GuardianCore
public import GuardianIdentity
import Hummingbird

extension Routes {
    /// Adds the routes below `/api/v1/events`: the list, one event, the density over time, and the stream of changes.
    ///
    /// - Parameters:
    ///   - clock: gives the end of the span when a request has no `to`.
    ///   - monotonic: the clock of the stream's checks and heartbeats.
    ///   - key: returns the key of the ids of streams for people who see some cameras only.
    ///   - status: returns the status digest for somebody; the stream sends it when it changes.
    public mutating func addEvents(
        _ events: EventReading, clock: any WallClock = SystemClock(),
        monotonic: any MonotonicClock = SystemMonotonicClock(),
        key: @escaping @Sendable () async throws -> Secret<[UInt8]>,
        status: (@Sendable (Principal) async -> StatusDigest?)? = nil
    ) {
        get(
            "/api/v1/events", needs: .may(.readEvents),
            query: ["camera", "label", "kept", "from", "to", "limit", "cursor"]
        ) { web in
            let events = events.seen(by: web.principal.cameras)
            let query = try EventQuery(web.query, cameras: events.cameras)
            let page = try await events.list(query, try web.query.limit(), try web.query.cursor())
            let isWhole = query.cameras == nil && query.label == nil && !query.isKept
            let views = try await events.views(of: page.items, areAdjacent: isWhole)
            return try JSON.response(PageView(items: views, nextCursor: page.next))
        }
        get(
            "/api/v1/events/density", needs: .may(.readEvents),
            query: ["camera", "label", "kept", "from", "to", "step"]
        ) { web in
            let events = events.seen(by: web.principal.cameras)
            var query = try EventQuery(web.query, cameras: events.cameras)
            let span = Span(from: query.from, to: query.to, now: clock.now(), hours: 24)
            let step = span.step(atLeast: try web.query.integer("step", in: 1...31_536_000, absent: 900))
            (query.from, query.to) = (span.from, span.to)
            let items = span.isEmpty ? [] : try await events.density(query, span.from, span.to, step * 1000)
            return try JSON.response(
                DensityView(
                    from: span.from, to: span.to, step: step,
                    items: items.map { DensityView.Step(at: $0.at, count: $0.count) }))
        }
        stream("/api/v1/events/stream", needs: .may(.readEvents)) { web in
            let events = events.seen(by: web.principal.cameras)
            let last = try EventStream.lastEventID(of: web)
            let seal = EventPositionSeal(try await key(), for: web.principal)
            // Read before the response begins, so that a client that has received the head misses no later change. A
            // Last-Event-ID beyond the newest position comes from a deleted database.
            let newest = events.position()
            let after = min(last.flatMap(seal.position) ?? newest, newest)
            let digest: (@Sendable () async -> StatusDigest?)? = status.map { status in
                { @Sendable in await status(web.principal) }
            }
            return EventStream.make(for: web, monotonic: monotonic) { pipe in
                let feed = EventFeed(events: events, status: digest, pipe: pipe, seal: seal, monotonic: monotonic)
                try await feed.run(after: after)
            }
        }
        get("/api/v1/events/{id}", needs: .may(.readEvents)) { web in
            let events = events.seen(by: web.principal.cameras)
            let id = try web.identifier("id", of: EventKind.self, called: "An event")
            return try JSON.response(try await events.view(of: id))
        }
    }
}

extension EventQuery {
    /// - Throws: `invalid_argument` for a bad value, `not_found` for a camera that does not exist.
    init(_ query: QueryParameters, cameras: CameraNames) throws {
        let span = try query.span()
        self.init(
            cameras: try query.alias().map { [try cameras.camera(named: $0)] }, label: try query.label(),
            from: span.from, to: span.to, isKept: try query.flag("kept"))
    }
}
