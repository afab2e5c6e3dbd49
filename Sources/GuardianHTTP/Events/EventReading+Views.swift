import GuardianCore

extension EventReading {
    /// Returns the views of these events, in the same order.
    ///
    /// - Parameter areAdjacent: whether the events are newest first without omissions. Then the neighbours of each
    ///   event are in the array, and only those of the first and last need a query.
    func views(of events: [Event], areAdjacent: Bool = false) async throws -> [EventView] {
        let shown = events.flatMap { $0.clips.map(\.clip) }
        let clips = try await clips(shown)
        let archive = try await archive(shown)
        let delivery = try await delivery(events.map(\.id))
        let kept = try await kept(events.map(\.id))
        let withoutPicture = try await withoutPicture(events.map(\.id))
        var views: [EventView] = []
        views.reserveCapacity(events.count)
        for (place, event) in events.enumerated() {
            let isInside = areAdjacent && place > 0 && place < events.count - 1
            let (previous, next) =
                isInside ? (events[place + 1].id, events[place - 1].id) : try await neighbours(event.id, nil)
            views.append(
                EventView(
                    event, camera: cameras.name(of: event.camera), clips: clips,
                    delivery: delivery[event.id] ?? .unknown,
                    archive: ArchiveView(of: event.clips.map { archive[$0.clip] }), servesFiles: servesFiles,
                    hasPicture: !withoutPicture.contains(event.id),
                    isKept: kept.contains(event.id), previous: previous, next: next))
        }
        return views
    }

    /// Returns the view of one event.
    ///
    /// - Throws: `not_found` when there is none.
    public func view(of id: EventID) async throws -> EventView {
        guard let view = try await views(of: [known(id)]).first else { throw Self.noSuchEvent(id) }
        return view
    }

    /// Returns the event.
    ///
    /// - Throws: `not_found` when there is no such event.
    public func known(_ id: EventID) async throws -> Event {
        guard let event = try await event(id) else { throw Self.noSuchEvent(id) }
        return event
    }

    /// Returns the first clip of an event.
    ///
    /// - Throws: `not_found` when it has none.
    package static func firstClip(of event: Event) throws -> ClipID {
        guard let first = event.clips.first else {
            throw GuardianError(.notFound, "This event has no clip: the disk was full, or recording has just begun.")
        }
        return first.clip
    }

    private static func noSuchEvent(_ id: EventID) -> GuardianError {
        GuardianError(.notFound, "There is no event \(id). GET /api/v1/events lists them.")
    }
}

extension DeliveryView {
    /// The state of an event of which no entry was sent yet.
    static let unknown = DeliveryView(state: .waiting, attempts: 0, acknowledgedAt: nil, firstAcknowledgedAt: nil)
}
