import GuardianCore
import GuardianHTTP
import GuardianIdentity
import GuardianJournal
import GuardianMedia
import Hummingbird
import NIOPosix

extension Routes {
    /// Adds the routes of clips and snapshots.
    mutating func addMedia(_ sources: EdgeSources) {
        let events = EventReading(sources)
        let cache = ClipFileCache(monotonic: sources.monotonic)
        // A player asks several times: the index is read from the disk once.
        let indexed = ClipFileCache(monotonic: sources.monotonic)
        get("/api/v1/events/{id}/clip.mp4", needs: .may(.readEvents)) { web in
            let events = events.seen(by: web.principal.cameras)
            let event = try await events.known(web.identifier("id", of: EventKind.self, called: "An event"))
            let first = try EventReading.firstClip(of: event)
            let file = try await cache.file(of: first) { try await sources.file(of: first) }
            return try await FileResponse.make(for: web, file: file)
        }
        get(
            "/api/v1/clips", needs: .may(.readEvents), query: ["camera", "kind", "from", "to", "limit", "cursor"]
        ) { web in
            let names = sources.names.seen(by: web.principal.cameras)
            let span = try web.query.span()
            let page = try await sources.journal.catalogue.clips(
                try web.query.choice("kind"),
                cameras: web.principal.cameras.filter(try web.query.alias().map(names.camera(named:))),
                from: span.from, to: span.to, limit: try web.query.limit(),
                after: try PageCursor(of: web.query.cursor()))
            var items: [RecordedClipView] = []
            for clip in page.items {
                let current = clip.state == .recording ? await sources.growing(clip) : clip
                items.append(RecordedClipView(current, names: names))
            }
            return try JSON.response(PageView(items: items, nextCursor: page.next?.description))
        }
        get("/api/v1/clips/{id}.mp4", needs: .may(.readEvents), query: ["index"]) { web in
            let id = try web.identifier("id", of: ClipKind.self, called: "A clip")
            let isIndexed = try web.query.flag("index")
            try await sources.requireClip(id, seenBy: web.principal)
            let file =
                isIndexed
                ? try await indexed.file(of: id) { try await sources.file(of: id).indexed() }
                : try await cache.file(of: id) { try await sources.file(of: id) }
            return try await FileResponse.make(for: web, file: file)
        }
        get("/api/v1/events/{id}/snapshot.jpg", needs: .may(.readEvents)) { web in
            let events = events.seen(by: web.principal.cameras)
            let id = try web.identifier("id", of: EventKind.self, called: "An event")
            do {
                return try await sources.snapshot(of: try await events.known(id), for: web)
            } catch let error as GuardianError where error.code == .notFound {
                // A better snapshot may have replaced the file since the event was read.
                return try await sources.snapshot(of: try await events.known(id), for: web)
            }
        }
    }
}

extension EdgeSources {
    fileprivate func snapshot(of event: Event, for web: WebRequest) async throws -> Response {
        guard let snapshot = event.snapshot else {
            throw GuardianError(.notFound, "This event has no picture yet.")
        }
        return try await FileResponse.make(for: web, file: try await file(of: snapshot, event: event))
    }

    private func file(of snapshot: Snapshot, event: Event) async throws -> ServedFile {
        let path = try await snapshotFile(event, snapshot)
        return try await ServedFile.whole(
            path: path, sha256: snapshot.sha256, contentType: "image/jpeg",
            name: "\(names.name(of: event.camera))-\(snapshot.at.fileName).jpg")
    }

    /// Returns the file of an event's picture.
    ///
    /// - Throws: `not_found` when there is no such event, or no picture of it.
    func picture(of id: EventID) async throws -> ServedFile {
        do { return try await currentPicture(of: id) } catch let error as GuardianError where error.code == .notFound {
            // A better one may have taken its place between the look at the event and that at the file.
            return try await currentPicture(of: id)
        }
    }

    private func currentPicture(of id: EventID) async throws -> ServedFile {
        guard let event = try await journal.catalogue.event(id), let snapshot = event.snapshot else {
            throw GuardianError(.notFound, "There is no picture of this event.")
        }
        return try await file(of: snapshot, event: event)
    }

    /// - Throws: `not_found` when the clip is of a camera that the principal does not see.
    fileprivate func requireClip(_ id: ClipID, seenBy principal: Principal) async throws {
        guard principal.cameras != .all else { return }
        guard let known = try await journal.catalogue.clip(id), principal.sees(known.clip.camera) else {
            throw Self.noClip(id)
        }
    }

    private static func noClip(_ id: ClipID) -> GuardianError { GuardianError(.notFound, "There is no clip \(id).") }

    /// - Throws: `not_found` when there is no such clip, or its file was deleted.
    func file(of id: ClipID) async throws -> ServedFile {
        guard let known = try await journal.catalogue.clip(id) else { throw Self.noClip(id) }
        guard known.removed == nil else {
            let why = known.cause == .age ? " because of its age, as the settings say" : ""
            throw GuardianError(.notFound, "This clip's file was deleted\(why); the journal keeps its hash.")
        }
        let clip = known.clip
        let extent = try await clipFile(clip)
        let name = "\(names.name(of: clip.camera))-\(clip.startedAt.fileName).mp4"
        guard clip.state != .recording, let sha256 = clip.sha256 else {
            return .growing(
                path: extent.path, durable: extent.length, identity: clip.id.description, contentType: "video/mp4",
                name: name)
        }
        return .complete(
            path: extent.path, length: extent.length, sha256: sha256, contentType: "video/mp4", name: name)
    }
}

extension ServedFile {
    /// Returns the same clip with an index before its fragments; as it is when it has none at its end.
    ///
    /// - Throws: `failedPrecondition` while it is recorded: its bytes would move within the answers to one player once it is complete.
    func indexed() async throws -> ServedFile {
        guard !isGrowing else {
            throw GuardianError(
                .failedPrecondition, "This clip is still being recorded: ask for it without an index, or later.")
        }
        let index = try await NIOThreadPool.singleton.runIfActive { [path] in SegmentIndex.of(path) }
        return index.map { inserting(Insertion(offset: $0.offset, bytes: $0.bytes, end: $0.end)) } ?? self
    }
}

extension Timestamp {
    /// For file names: no colons.
    fileprivate var fileName: String { rfc3339.replacing(":", with: "-") }
}
