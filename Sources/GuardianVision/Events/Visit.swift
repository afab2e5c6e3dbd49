import GuardianCore

/// One object in view, from its first sighting on: a candidate without an id until it is confirmed, then an open event.
struct Visit: Sendable {
    var id: EventID?
    let label: Label
    /// Its current track; `nil` after the watch was lost.
    var track: Int?
    /// Its tracks so far: all of them, or the first and the newest.
    var tracks: [Int]
    let firstSight: MediaTime
    var lastSight: MediaTime
    /// When it was first seen, by the wall clock of that moment.
    let startedAt: Timestamp
    /// Time that passed on the monotonic clock since its last sighting was noted.
    var unseen = Duration.zero
    var looks = 0
    var confidenceSum = 0.0
    var best = 0.0
    var bestQuality = 0.0
    var bestBox: Box
    var bestView: MediaTime
    var lastBox: Box
    var path: VisitPath
    /// Quality and media time of the view in the last report, and when it was reported.
    var reportedQuality = 0.0
    var reportedView: MediaTime?
    var reportedAt: MediaTime = 0
    /// Better views reported so far.
    var updates = 0

    init(_ sighting: TrackSighting, mediaTime: MediaTime, at time: Timestamp, pathLimit: Int) {
        label = sighting.label
        track = sighting.track
        tracks = [sighting.track]
        firstSight = mediaTime
        lastSight = mediaTime
        startedAt = time
        bestBox = sighting.box
        bestView = mediaTime
        lastBox = sighting.box
        path = VisitPath(limit: pathLimit)
    }

    /// When it was last seen. Counted from the start, so that an event is as long as it was in the stream although the wall
    /// clock was set during it.
    var endedAt: Timestamp { startedAt + (lastSight - firstSight) }

    /// Goes on with another track, because the watch was lost.
    mutating func continueWith(_ track: Int, limit: Int) {
        self.track = track
        tracks.append(track)
        if tracks.count > limit { tracks.remove(at: 1) }
    }

    mutating func add(_ sighting: TrackSighting, mediaTime: MediaTime) {
        looks += 1
        confidenceSum += sighting.confidence
        best = max(best, sighting.confidence)
        lastSight = max(lastSight, mediaTime)
        unseen = .zero
        lastBox = sighting.box
        let quality = sighting.viewQuality
        if quality > bestQuality {
            bestQuality = quality
            bestBox = sighting.box
            bestView = mediaTime
        }
        path.add(PathPoint(offset: (mediaTime - firstSight).milliseconds, box: sighting.box))
    }

    func event(camera: CameraID, state: Event.State) -> Event? {
        guard let id else { return nil }
        return Event(
            id: id, camera: camera, label: label, state: state, confidence: best, box: bestBox, startedAt: startedAt,
            endedAt: endedAt, path: path.all)
    }
}
