import GuardianCore
import GuardianMedia
import GuardianVision

/// Looks at pictures of one camera: motion gate → regions → detector → tracker. Used from one thread.
///
/// A look at a picture in which nothing moves and nobody is costs a small grey picture; only what moved and whoever is
/// there is shown to the detector, cut out of the decoded picture.
public final class FrameAnalyzer {
    public private(set) var effort = WatchEffort()
    public private(set) var tracker: Tracker
    private let detector: any Detector
    private let settings: WatchSettings
    private let width: Int
    private let height: Int
    private let aspect: Double
    private let regions: Regions
    private var gate: MotionGate
    private var looks = 0
    private var lastStir: Int64?

    /// - Parameters:
    ///   - width: pixels of the pictures; another size needs another analyzer.
    public init(width: Int, height: Int, detector: any Detector, settings: WatchSettings = WatchSettings()) {
        self.width = width
        self.height = height
        self.detector = detector
        self.settings = settings
        aspect = Double(max(1, width)) / Double(max(1, height))
        regions = Regions(settings: settings.regions, aspect: aspect)
        gate = MotionGate(settings: settings.motion)
        tracker = Tracker(settings: settings.tracker, aspect: aspect)
    }

    /// Whether a picture of this size is one of ours.
    func fits(_ frame: PictureFrame) -> Bool { frame.width == width && frame.height == height }

    /// Looks at one picture; `time` is its media time, later than the last one's.
    public func look(_ frame: PictureFrame, at time: Int64) throws -> Observation {
        let size = gate.size(width: width, height: height)
        let motion = gate.update(
            luma: try frame.luma(width: size.columns, height: size.rows), columns: size.columns, rows: size.rows)
        effort.looks += 1
        looks += 1
        tracker.predict(to: time)
        if !motion.blobs.isEmpty || motion.sceneChanged { lastStir = time }
        let places = places(motion, at: time)
        let sightings = try detect(in: places, of: frame)
        let moving = motion.cells
        let view = tracker.update(sightings, lookedAt: places, at: time) { moving.fraction(in: $0) > 0.12 }
        return Observation(
            mediaTime: time, tracks: view, motion: motion.fraction, detected: !places.isEmpty)
    }

    /// What is needed of the camera after the last look.
    public func attention(at time: Int64) -> Attention {
        let isStirred = lastStir.map { time - $0 < settings.quietAfter } ?? false
        if isStirred || looks < 3 { return .looking }
        guard !tracker.tracks.isEmpty else { return .quiet }
        return tracker.tracks.contains { $0.state != .confirmed } ? .looking : .still
    }

    private func places(_ motion: Motion, at time: Int64) -> [Box] {
        // Nothing is known yet of what moves, or nothing can be told: look everywhere.
        if looks <= 2 || motion.sceneChanged { return regions.tiles(across: 3) }
        var due: [Box] = []
        var explained: [Box] = []
        for track in tracker.tracks {
            let box = tracker.box(of: track)
            if isDue(track, at: box, stirred: motion.stirred, time: time) {
                due.append(box)
            } else {
                explained.append(box)
            }
        }
        return regions.select(tracks: due, blobs: motion.blobs, explained: explained)
    }

    /// Whether a track needs a look now: who stands still or walks alone and is surely recognised does not each time.
    private func isDue(_ track: Track, at box: Box, stirred: CellMask, time: Int64) -> Bool {
        let unseen = time - track.lastSeen
        if track.state == .lost { return unseen < 2000 }
        guard track.state == .confirmed, track.certainty > 0.5, track.misses == 0 else { return true }
        if stirred.fraction(in: box) < 0.02 { return unseen >= settings.stillInterval }
        guard track.certainty > 0.65, tracker.standsAlone(track) else { return true }
        return unseen >= settings.sureInterval
    }

    private func detect(in places: [Box], of frame: PictureFrame) throws -> [Sighting] {
        guard !places.isEmpty else { return [] }
        let input = detector.model.input
        let pictures = try places.map { try frame.rgb(region: $0, width: input.width, height: input.height) }
        effort.detections += pictures.count
        let found = try detector.detect(pictures)
        var sightings: [Sighting] = []
        for (place, (picture, detections)) in zip(places, zip(pictures, found)) {
            for detection in detections {
                var sighting = settings.merge.place(detection, in: place)
                if !sighting.isCut, detection.score >= settings.tracker.high {
                    sighting.appearance = Appearance(
                        picture: picture, width: input.width, height: input.height, box: detection.box)
                }
                sightings.append(sighting)
            }
        }
        return settings.merge.merge(sightings, aspect: aspect)
    }
}
