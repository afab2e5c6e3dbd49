import GuardianCore
import Hummingbird

extension Routes {
    /// Adds the routes of clips and pictures that pass through from the recorder that has them.
    public mutating func addRelay(_ relay: RelayReading, events: EventReading) {
        get("/api/v1/events/{id}/clip.mp4", needs: .may(.readEvents), kind: .fetching) { web in
            let event = try await events.seen(by: web.principal.cameras).known(
                web.identifier("id", of: EventKind.self, called: "An event"))
            return try await Self.clip(try EventReading.firstClip(of: event), relay, web)
        }
        get("/api/v1/clips/{id}.mp4", needs: .may(.readEvents), query: ["index"], kind: .fetching) { web in
            let id = try web.identifier("id", of: ClipKind.self, called: "A clip")
            return try await Self.clip(id, isIndexed: try web.query.flag("index"), relay, web)
        }
        get("/api/v1/events/{id}/snapshot.jpg", needs: .may(.readEvents), kind: .fetching) { web in
            let event = try await events.seen(by: web.principal.cameras).known(
                web.identifier("id", of: EventKind.self, called: "An event"))
            guard event.snapshot != nil else { throw GuardianError(.notFound, "This event has no picture yet.") }
            return try await RemoteResponse.make(
                for: web, content: try await relay.snapshot(event.id, web.caller), contentType: "image/jpeg",
                name: "\(event.id).jpg")
        }
    }

    /// - Throws: `not_found` when it is of a camera that the caller does not see: an event may name any clip.
    private static func clip(
        _ id: ClipID, isIndexed: Bool = false, _ relay: RelayReading, _ web: WebRequest
    ) async throws -> Response {
        guard let camera = try await relay.cameraOfClip(id), web.principal.sees(camera) else {
            throw GuardianError(.notFound, "There is no clip \(id).")
        }
        return try await RemoteResponse.make(
            for: web, content: try await relay.clip(id, isIndexed, web.caller), contentType: "video/mp4",
            name: "\(id).mp4")
    }
}
