import GuardianCore
import Hummingbird

extension Routes {
    /// Adds the routes below `/api/v1/archive`: the list of clips, usage, one clip, its parts and its hold, and events'
    /// sealed pictures.
    public mutating func addArchive(_ archive: ArchiveReading) {
        get("/api/v1/archive", needs: .may(.readArchive), query: ArchiveQuery.parameters) { web in
            let archive = archive.seen(by: web.principal.cameras)
            let query = try ArchiveQuery(web.query, cameras: archive.cameras)
            let page = try await archive.list(query, try web.query.limit(), try web.query.cursor())
            return try JSON.response(PageView(page) { ArchivedClipView($0).named(by: archive.cameras) })
        }
        get("/api/v1/archive/usage", needs: .mayForAllCameras(.readArchive)) { _ in
            try JSON.response(ArchiveUsageView(try await archive.usage()).named(by: archive.cameras))
        }
        put("/api/v1/archive/{clipId}/hold", needs: .may(.holdArchive)) { try await Self.hold($0, true, archive) }
        delete("/api/v1/archive/{clipId}/hold", needs: .may(.holdArchive)) { try await Self.hold($0, false, archive) }
        get("/api/v1/archive/{clipId}", needs: .may(.readArchive), query: ["part"], kind: .fetching) { web in
            let archive = archive.seen(by: web.principal.cameras)
            let clip = try web.identifier("clipId", of: ClipKind.self, called: "A clip")
            guard let text = web.query["part"] else {
                return try JSON.response(ArchivedClipView(try await archive.clip(clip)).named(by: archive.cameras))
            }
            let part = Int(try Parameter.integer(text, name: "part", in: 0...9_999))
            return try await RemoteResponse.make(
                for: web, content: try await archive.content(.part(clip, part)), name: "\(clip)-\(part).grdn")
        }
        get("/api/v1/archive/events", needs: .may(.readArchive), query: ArchiveQuery.parameters) { web in
            let archive = archive.seen(by: web.principal.cameras)
            let query = try ArchiveQuery(web.query, cameras: archive.cameras)
            let page = try await archive.pictures(query, try web.query.limit(), try web.query.cursor())
            return try JSON.response(PageView(page) { ArchivedPictureView($0).named(by: archive.cameras) })
        }
        get("/api/v1/archive/events/{eventId}", needs: .may(.readArchive)) { web in
            let archive = archive.seen(by: web.principal.cameras)
            let event = try web.identifier("eventId", of: EventKind.self, called: "An event")
            return try JSON.response(ArchivedPictureView(try await archive.picture(event)).named(by: archive.cameras))
        }
        get("/api/v1/archive/events/{eventId}/snapshot", needs: .may(.readArchive), kind: .fetching) { web in
            let archive = archive.seen(by: web.principal.cameras)
            let event = try web.identifier("eventId", of: EventKind.self, called: "An event")
            return try await RemoteResponse.make(
                for: web, content: try await archive.content(.snapshot(event)), name: "\(event).grdn")
        }
    }

    private static func hold(_ web: WebRequest, _ isHeld: Bool, _ archive: ArchiveReading) async throws -> Response {
        let clip = try web.identifier("clipId", of: ClipKind.self, called: "A clip")
        let archive = archive.seen(by: web.principal.cameras)
        return try JSON.response(ArchivedClipView(try await archive.hold(clip, isHeld)).named(by: archive.cameras))
    }
}

extension ArchiveQuery {
    /// The names of the query parameters of a list.
    public static let parameters = ["camera", "from", "to", "status", "event", "limit", "cursor"]

    /// - Throws: `invalid_argument` for a bad value, `not_found` for a camera that does not exist.
    public init(_ query: QueryParameters, cameras: CameraNames) throws {
        let span = try query.span()
        let event = try query["event"].map { text in
            guard let event = EventID(text) else {
                throw GuardianError(.invalidArgument, "event must be an event's UUID.")
            }
            return event
        }
        self.init(
            cameras: try query.alias().map { [try cameras.camera(named: $0)] }, from: span.from, to: span.to,
            status: try query.choice("status"), event: event)
    }
}
