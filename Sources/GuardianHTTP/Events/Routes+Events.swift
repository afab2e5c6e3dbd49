import GuardianCore
import Hummingbird

extension Routes {
    /// `/api/v1/events`, one event, their density in time, and the stream of what happens.
    ///
    /// - Parameters:
    ///   - clock: says what is now, where a request does not say until when.
    ///   - status: how things are in a few words; the stream tells when they change.
    public mutating func addEvents(
        _ events: EventReading, clock: any WallClock = SystemClock(),
        status: (@Sendable () async -> StatusWord?)? = nil
    ) {
        get("/api/v1/events", query: ["camera", "label", "from", "to", "limit", "cursor"]) { web in
            let query = try EventQuery(web.query, cameras: events.cameras)
            let page = try await events.list(query, try web.query.limit(), try web.query.cursor())
            return try JSON.response(
                PageView(items: try await events.views(of: page.items), nextCursor: page.next))
        }
        get("/api/v1/events/density", query: ["camera", "label", "from", "to", "step"]) { web in
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
        stream("/api/v1/events/stream") { web in
            // Taken before the answer begins: whoever sees its head misses nothing that comes then. A position that
            // was never reached belongs to another life of these tables.
            let newest = events.position()
            let after = min(try EventStream.lastEventID(of: web) ?? newest, newest)
            return EventStream.make(for: web) { pipe in
                try await EventFeed(events: events, status: status, pipe: pipe).run(after: after)
            }
        }
        get("/api/v1/events/{id}") { web in
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
            camera: try query.alias().map(cameras.camera(named:)), label: try query.label(), from: span.from,
            to: span.to)
    }
}

/// A bounded time: what a request leaves open is filled in from now.
public struct Span: Sendable, Hashable {
    public let from: Timestamp
    public let to: Timestamp

    /// Steps that a density may have.
    static let steps: Int64 = 2000

    /// Whether no moment is in it.
    public var isEmpty: Bool { from >= to }

    /// A step of so many seconds, or the shortest one in which the span has not more steps than it may.
    func step(atLeast seconds: Int64) -> Int64 {
        let thousandths = Self.steps * 1000
        return max(seconds, (max(0, to - from) + thousandths - 1) / thousandths)
    }

    /// - Parameter hours: how long it is when the request says no `from`.
    public init(from: Timestamp?, to: Timestamp?, now: Timestamp, hours: Int64) {
        let end = to ?? max(now, (from ?? now) + 1)
        self.to = end
        self.from = from ?? end + -(hours * 3_600_000)
    }
}
