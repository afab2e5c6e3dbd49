import GuardianCore
import GuardianHTTP
import GuardianJournal
import Hummingbird

extension Routes {
    /// Adds the routes that set and remove an event's keep. Both are idempotent.
    mutating func addKeeping(_ sources: EdgeSources) {
        let all = EventReading(sources)
        @Sendable func set(_ isKept: Bool, _ web: WebRequest) async throws -> Response {
            let events = all.seen(by: web.principal.cameras)
            let event = try await events.known(web.identifier("id", of: EventKind.self, called: "An event"))
            if try await sources.journal.catalogue.kept(of: [event.id]).contains(event.id) != isKept {
                if isKept { try await sources.checkFiles(of: event) }
                try await sources.journal.append(
                    [.eventKept(Keep(event: event.id, isKept: isKept))], at: sources.clock.now())
            }
            return try JSON.response(try await events.view(of: event.id))
        }
        put("/api/v1/events/{id}/keep", needs: .may(.keepEvents)) { try await set(true, $0) }
        delete("/api/v1/events/{id}/keep", needs: .may(.keepEvents)) { try await set(false, $0) }
    }
}

extension EdgeSources {
    /// Checks for clips that were deleted by hand; the journal has only deletions by retention.
    ///
    /// - Throws: `failed_precondition` when no file of the event's clips exists.
    fileprivate func checkFiles(of event: Event) async throws {
        let clips = try await journal.catalogue.clips(event.clips.map(\.clip))
        guard !clips.isEmpty, event.state != .open else { return }
        for clip in clips.values where clip.removed == nil {
            if (try? await clipFile(clip.clip)) != nil { return }
        }
        guard clips.values.contains(where: { $0.removed == nil }) else { return }
        throw GuardianError(
            .failedPrecondition, "This event's clip is not on the disk any more; there is nothing left to keep.")
    }
}
