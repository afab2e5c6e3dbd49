import GuardianCore
import GuardianHTTP
import GuardianJournal

extension EventReading {
    /// Reads events from the edge's journal.
    init(_ sources: EdgeSources) {
        let journal = sources.journal
        let catalogue = journal.catalogue
        self.init(
            list: { query, limit, cursor in
                let page = try await catalogue.events(
                    EventFilter(query), limit: limit, after: try PageCursor(of: cursor))
                return (page.items, page.next?.description)
            },
            event: { try await catalogue.event($0) },
            events: { try await catalogue.events($0) },
            neighbours: { try await catalogue.neighbours(of: $0, cameras: $1) },
            clips: { ids in
                var clips = try await catalogue.clips(ids).mapValues(\.clip)
                for (id, clip) in clips where clip.state == .recording { clips[id] = await sources.growing(clip) }
                return clips
            },
            delivery: { ids in
                try await journal.outbox.delivery(of: ids).mapValues { DeliveryView($0) }
            },
            density: { query, from, to, step in
                try await catalogue.density(EventFilter(query), from: from, to: to, step: step)
                    .map { (at: $0.at, count: $0.count) }
            },
            position: { journal.position },
            changes: { after, send in
                for try await change in journal.changes(after: after) {
                    try await send(change.sequence, change.events)
                }
            },
            cameras: sources.names, servesFiles: true)
        kept = { try await catalogue.kept(of: $0) }
        withoutPicture = { try await catalogue.deletedPictures(of: $0) }
        if let states = sources.archiving {
            archive = { try await states($0).mapValues { ArchiveView($0) } }
        }
    }
}

extension EdgeSources {
    /// Returns a live clip with its size and duration by now: the journal has its size only when it is closed.
    func growing(_ clip: Clip) async -> Clip {
        guard let extent = try? await clipFile(clip) else { return clip }
        var clip = clip
        clip.size = max(clip.size, extent.length)
        clip.duration = max(clip.duration, clock.now() - clip.startedAt)
        return clip
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

extension DeliveryView {
    init(_ delivery: EventDelivery) {
        self.init(
            state: delivery.state == .delivered ? .delivered : .waiting, attempts: delivery.attempts,
            acknowledgedAt: delivery.acknowledgedAt, firstAcknowledgedAt: delivery.firstAcknowledgedAt,
            latencyMs: delivery.latency)
    }
}

extension ArchiveView {
    init(_ clip: LedgerClip) {
        self.init(state: State(clip.state), objectKey: clip.objectKey, reason: clip.reason)
    }
}

extension ArchiveView.State {
    init(_ state: ClipArchiveState) {
        self =
            switch state {
            case .waiting: .waiting
            case .uploading: .uploading
            case .stored: .stored
            case .interrupted: .interrupted
            case .refused: .refused
            case .failed: .failed
            }
    }
}
