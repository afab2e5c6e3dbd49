import GuardianCore

/// From observations to events: one for each object's visit.
///
/// Opens when a label was seen confidently over several looks, reports a better view, closes after quiet. Pure: it knows
/// no clock but the times that it is given.
public struct EventEngine: Sendable {
    private let camera: CameraID
    private let settings: EventSettings
    private let makeID: @Sendable (Timestamp, Int) -> EventID
    private var opened = 0
    private var visits: [Visit] = []

    /// - Parameter makeID: gives a new event its name; it is told the time of the first sight, and how many events this engine
    ///   opened before.
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

    /// Takes in an observation that was made at `time`.
    public mutating func update(_ observation: Observation, at time: Timestamp) -> [EventChange] {
        var changes = advance(to: time)
        for sighting in observation.tracks where sighting.seen {
            let index = visit(of: sighting, mediaTime: observation.mediaTime, at: time)
            visits[index].see(sighting, mediaTime: observation.mediaTime, at: time)
            if let change = progress(index, mediaTime: observation.mediaTime) { changes.append(change) }
        }
        return changes
    }

    /// Says that it is `time` now; closes what has been quiet for long enough.
    public mutating func advance(to time: Timestamp) -> [EventChange] {
        var changes: [EventChange] = []
        for visit in visits where time - visit.endedAt > settings.quiet {
            if let report = report(visit, state: .closed) { changes.append(.closed(report)) }
        }
        let quiet = settings.quiet
        visits.removeAll { time - $0.endedAt > quiet }
        return changes
    }

    /// The watch is gone, and its track numbers with it: they begin again at 1. An open event goes on with the new track
    /// that is found at its place.
    public mutating func watchLost() {
        visits.removeAll { $0.id == nil }
        for index in visits.indices { visits[index].track = nil }
    }

    /// Closes everything: the camera stops, or the edge does.
    public mutating func closeAll() -> [EventChange] {
        defer { visits = [] }
        return visits.compactMap { report($0, state: .closed).map { .closed($0) } }
    }

    private mutating func visit(of sighting: TrackSighting, mediaTime: Int64, at time: Timestamp) -> Int {
        if let index = visits.firstIndex(where: { $0.track == sighting.track }) { return index }
        if let index = abandoned(near: sighting, at: time) {
            visits[index].track = sighting.track
            visits[index].tracks.append(sighting.track)
            return index
        }
        visits.append(Visit(sighting, mediaTime: mediaTime, at: time, pathLimit: settings.pathLimit))
        return visits.count - 1
    }

    /// An open event without a track whose last place fits: after the watch was lost.
    private func abandoned(near sighting: TrackSighting, at time: Timestamp) -> Int? {
        visits.indices.filter { index in
            let visit = visits[index]
            guard visit.track == nil, visit.id != nil, visit.label == sighting.label else { return false }
            let ratio = sighting.box.height / max(0.001, visit.lastBox.height)
            return (0.6...1.7).contains(ratio) && Self.gap(visit.lastBox, sighting.box) < 1.5
        }.min { Self.gap(visits[$0].lastBox, sighting.box) < Self.gap(visits[$1].lastBox, sighting.box) }
    }

    /// Distance of two boxes in their own sizes.
    private static func gap(_ box: Box, _ other: Box) -> Double {
        let x = (box.centerX - other.centerX) / max(0.001, box.width * 2)
        let y = (box.centerY - other.centerY) / max(0.001, box.height)
        return (x * x + y * y).squareRoot()
    }

    private mutating func progress(_ index: Int, mediaTime: Int64) -> EventChange? {
        let visit = visits[index]
        if visit.id == nil {
            guard visit.looks >= settings.looksToOpen, visit.confidenceSum >= settings.confidenceToOpen,
                visit.best >= settings.bestToOpen
            else { return nil }
            visits[index].id = makeID(visit.startedAt, opened)
            opened += 1
            return told(index, mediaTime: mediaTime).map { .opened($0) }
        }
        guard mediaTime - visit.reportedAt >= settings.updateInterval << min(visit.updates, 8),
            visit.bestQuality > visit.reportedQuality * settings.betterBy
        else { return nil }
        visits[index].updates += 1
        return told(index, mediaTime: mediaTime).map { .updated($0) }
    }

    private mutating func told(_ index: Int, mediaTime: Int64) -> EventReport? {
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
