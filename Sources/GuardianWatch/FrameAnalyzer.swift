import GuardianCore
import GuardianMedia
import GuardianVision

/// Analyses frames of one camera: motion gate → regions → detector → tracker. Used from one thread.
///
/// A frame without motion and tracks costs only the motion gate on a small grey image. The detector gets only regions
/// around motion and tracks, cut out of the decoded frame.
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
    private var lastMotion: MediaTime?

    /// - Parameters:
    ///   - width: of the frames, in pixels; another size needs another analyzer.
    ///   - aspect: width by height of the picture as it is shown, if its pixels are not square: the detector must not see
    ///     thin people.
    public init(
        width: Int, height: Int, aspect: Double? = nil, detector: any Detector,
        settings: WatchSettings = WatchSettings()
    ) {
        self.width = width
        self.height = height
        self.detector = detector
        self.settings = settings
        let aspect = aspect ?? Double(max(1, width)) / Double(max(1, height))
        self.aspect = aspect
        regions = Regions(settings: settings.regions, aspect: aspect)
        gate = MotionGate(settings: settings.motion)
        tracker = Tracker(settings: settings.tracker, aspect: aspect)
    }

    /// Returns whether the frame has this analyzer's size.
    func fits(_ frame: PictureFrame) -> Bool { frame.width == width && frame.height == height }

    /// Analyses one frame; `time` is its media time, later than the previous one's.
    public func look(_ frame: PictureFrame, at time: MediaTime) throws -> Observation {
        let size = gate.size(width: width, height: height)
        let motion = gate.update(
            luma: try frame.luma(width: size.columns, height: size.rows), columns: size.columns, rows: size.rows)
        effort.looks += 1
        looks += 1
        tracker.predict(to: time)
        if !motion.blobs.isEmpty || motion.sceneChanged { lastMotion = time }
        let regions = regionsToDetect(motion, at: time)
        let sightings = try detect(in: regions, of: frame)
        let foreground = motion.cells
        let view = tracker.update(sightings, lookedAt: regions, at: time) { foreground.fraction(in: $0) > 0.12 }
        return Observation(
            mediaTime: time, tracks: view, motion: motion.fraction, detected: !regions.isEmpty)
    }

    /// Returns which packets the watch needs after the last look.
    public func attention(at time: MediaTime) -> Attention {
        let hasMotion = lastMotion.map { time - $0 < settings.quietAfter } ?? false
        if hasMotion || looks < 3 { return .looking }
        guard !tracker.tracks.isEmpty else { return .quiet }
        return tracker.tracks.contains { $0.state != .confirmed } ? .looking : .still
    }

    private func regionsToDetect(_ motion: Motion, at time: MediaTime) -> [Box] {
        // There is no background to compare with yet, or the scene changed: cover the whole frame.
        if looks <= 2 || motion.sceneChanged { return regions.tiles(across: 3) }
        var due: [Box] = []
        var explained: [Box] = []
        for track in tracker.tracks {
            let box = tracker.box(of: track)
            if isDue(track, at: box, moving: motion.moving, time: time) {
                due.append(box)
            } else {
                explained.append(box)
            }
        }
        return regions.select(tracks: due, blobs: motion.blobs, explained: explained)
    }

    /// Returns whether a track needs detection in this frame. Confident tracks that stand still or are isolated are
    /// detected less often.
    private func isDue(_ track: Track, at box: Box, moving: CellMask, time: MediaTime) -> Bool {
        let unseen = time - track.lastSeen
        if track.state == .lost { return unseen < .seconds(2) }
        guard track.state == .confirmed, track.certainty > 0.5, track.misses == 0 else { return true }
        if moving.fraction(in: box) < 0.02 { return unseen >= settings.stillInterval }
        guard track.certainty > 0.65, tracker.isIsolated(track) else { return true }
        return unseen >= settings.sureInterval
    }

    private func detect(in regions: [Box], of frame: PictureFrame) throws -> [Sighting] {
        guard !regions.isEmpty else { return [] }
        let input = detector.model.input
        let pictures = try regions.map { try frame.rgb(region: $0, width: input.width, height: input.height) }
        effort.detections += pictures.count
        let found = try detector.detect(pictures)
        var sightings: [Sighting] = []
        for (region, (picture, detections)) in zip(regions, zip(pictures, found)) {
            for detection in detections {
                var sighting = settings.merge.sighting(detection, in: region)
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
