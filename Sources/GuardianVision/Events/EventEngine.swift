import GuardianCore

/// Derives events from observations: one event for each time that an object is in view.
///
/// An event opens when the object was seen with enough confidence in several looks, is updated when there is a better
/// view, and closes after a time without sightings. Pure: it uses only the times that are passed in.
///
/// It is bounded: of more than `visitLimit` objects, a new one takes the place of the candidate that was not seen for longest; when
/// all are open events, the new one is left out until one of them closes. An event that needs more than `trackLimit` tracks names
/// its first and the newest ones.
///
/// It measures by media time and by the monotonic clock (`pass`). The wall clock, which may be set at any moment, only
/// gives an event its start.
public struct EventEngine: Sendable {
    private let camera: CameraID
    private let settings: EventSettings
    private let makeID: @Sendable (Timestamp, Int) -> EventID
    private var opened = 0
    private var visits: [Visit] = []

    /// - Parameter makeID: returns the id of a new event, from the time of its first sighting and the number of events
    ///   that this engine opened before.
    public init(
        camera: CameraID, settings: EventSettings = EventSettings(),
        makeID: @escaping @Sendable (Timestamp, Int) -> EventID = { time, _ in .v7(at: time) }
    ) {
        self.camera = camera
        self.settings = settings
        self.makeID = makeID
    }

    /// The events that are open now, oldest first.
    public var open: [Event] { visits.compactMap { $0.event(camera: camera, state: .open) } }

    /// Updates the events with an observation.
    ///
    /// - Parameter time: when its frame was captured. It is only written down.
    public mutating func update(_ observation: Observation, at time: Timestamp) -> [EventChange] {
        let quiet = settings.quiet
        var changes = close { observation.mediaTime - $0.lastSight > quiet }
        for sighting in observation.tracks where sighting.seen {
            guard let index = visit(of: sighting, mediaTime: observation.mediaTime, at: time) else { continue }
            visits[index].add(sighting, mediaTime: observation.mediaTime)
            if let change = change(of: index, mediaTime: observation.mediaTime) { changes.append(change) }
        }
        return changes
    }

    /// Notes that time has passed, although perhaps no observation came, and closes events without a sighting for longer
    /// than `settings.quiet`.
    ///
    /// - Parameter time: by the monotonic clock, since the last call or since the engine was made.
    public mutating func pass(_ time: Duration) -> [EventChange] {
        for index in visits.indices { visits[index].unseen += max(.zero, time) }
        let quiet = settings.quiet
        return close { $0.unseen > quiet }
    }

    private mutating func close(_ isOver: (Visit) -> Bool) -> [EventChange] {
        let over = visits.filter(isOver)
        guard !over.isEmpty else { return [] }
        visits.removeAll(where: isOver)
        return over.compactMap { report($0, state: .closed).map { .closed($0) } }
    }

    /// Forgets all track numbers: the watch was lost, and a new one numbers its tracks from 1 again. An open event
    /// continues with the new track that is found at its position.
    public mutating func watchLost() {
        visits.removeAll { $0.id == nil }
        for index in visits.indices { visits[index].track = nil }
    }

    /// Closes all events, because the camera or the edge stops.
    public mutating func closeAll() -> [EventChange] {
        defer { visits = [] }
        return visits.compactMap { report($0, state: .closed).map { .closed($0) } }
    }

    private mutating func visit(of sighting: TrackSighting, mediaTime: MediaTime, at time: Timestamp) -> Int? {
        if let index = visits.firstIndex(where: { $0.track == sighting.track }) { return index }
        if let index = visitWithoutTrack(near: sighting, at: time) {
            visits[index].continueWith(sighting.track, limit: settings.trackLimit)
            return index
        }
        if visits.count >= settings.visitLimit {
            let candidates = visits.indices.filter { visits[$0].id == nil && visits[$0].lastSight < mediaTime }
            guard let oldest = candidates.min(by: { visits[$0].lastSight < visits[$1].lastSight }) else { return nil }
            visits.remove(at: oldest)
        }
        visits.append(Visit(sighting, mediaTime: mediaTime, at: time, pathLimit: settings.pathLimit))
        return visits.count - 1
    }

    /// Returns the open event that lost its track with the watch and whose last box fits the sighting.
    private func visitWithoutTrack(near sighting: TrackSighting, at time: Timestamp) -> Int? {
        visits.indices.filter { index in
            let visit = visits[index]
            guard visit.track == nil, visit.id != nil, visit.label == sighting.label else { return false }
            let ratio = sighting.box.height / max(0.001, visit.lastBox.height)
            return (0.6...1.7).contains(ratio) && Self.distance(visit.lastBox, sighting.box) < 1.5
        }.min { Self.distance(visits[$0].lastBox, sighting.box) < Self.distance(visits[$1].lastBox, sighting.box) }
    }

    /// Returns the distance of two boxes, in sizes of the first.
    private static func distance(_ box: Box, _ other: Box) -> Double {
        let x = (box.centerX - other.centerX) / max(0.001, box.width * 2)
        let y = (box.centerY - other.centerY) / max(0.001, box.height)
        return (x * x + y * y).squareRoot()
    }

    /// Returns the change to report after a sighting of the visit at `index`, if any.
    private mutating func change(of index: Int, mediaTime: MediaTime) -> EventChange? {
        let visit = visits[index]
        if visit.id == nil {
            guard visit.looks >= settings.looksToOpen, visit.confidenceSum >= settings.confidenceToOpen,
                visit.best >= settings.bestToOpen
            else { return nil }
            visits[index].id = makeID(visit.startedAt, opened)
            opened += 1
            return openReport(index, mediaTime: mediaTime).map { .opened($0) }
        }
        guard mediaTime - visit.reportedAt >= settings.updateInterval * (1 << min(visit.updates, 8)),
            visit.bestQuality > visit.reportedQuality * settings.betterBy
        else { return nil }
        visits[index].updates += 1
        return openReport(index, mediaTime: mediaTime).map { .updated($0) }
    }

    /// Returns a report of an open event and records that its view was reported.
    private mutating func openReport(_ index: Int, mediaTime: MediaTime) -> EventReport? {
        let report = report(visits[index], state: .open)
        visits[index].reportedAt = mediaTime
        visits[index].reportedQuality = visits[index].bestQuality
        visits[index].reportedView = visits[index].bestView
        return report
    }

    private func report(_ visit: Visit, state: Event.State) -> EventReport? {
        guard let event = visit.event(camera: camera, state: state) else { return nil }
        return EventReport(
            event: event, tracks: visit.tracks, firstSight: visit.firstSight, lastSight: visit.lastSight,
            bestView: visit.bestView,
            isNewView: visit.bestView != visit.reportedView)
    }
}
