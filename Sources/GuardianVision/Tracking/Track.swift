import GuardianCore

/// One object over several frames.
public struct Track: Sendable, Hashable {
    public enum State: Sendable, Hashable {
        /// Too few sightings so far.
        case tentative
        case confirmed
        /// Out of sight or hidden; it may be found again.
        case lost
    }

    public internal(set) var id: Int
    public let label: Label
    public internal(set) var state = State.tentative
    /// Media time of the stream.
    public internal(set) var firstSeen: MediaTime
    public internal(set) var lastSeen: MediaTime
    public internal(set) var hits = 1
    /// Consecutive looks at its position without a sighting.
    public internal(set) var misses = 0
    /// The score at its last sighting.
    public internal(set) var score: Double
    /// Exponential moving average of its scores.
    public internal(set) var certainty: Double
    /// There was motion in its box at some time: it is not part of the background.
    public internal(set) var hasMoved = false
    /// Its appearance, learned while no other sighting overlapped it.
    var knownAppearance: Appearance?
    /// Its appearance since a sighting last overlapped it, and the number of looks that contributed.
    var recentAppearance: Appearance?
    var recentLooks = 0
    /// Another sighting overlapped it since its known appearance was last confirmed: it may be another object now.
    var isAmbiguous = false
    /// Other tracks that it was close to, with the last time.
    var encounters: [Int: MediaTime] = [:]
    /// Width divided by height, in pixels.
    var ratio: Double
    var centerX: Kalman
    var centerY: Kalman
    var height: Kalman
    var time: MediaTime

    init(id: Int, sighting: Sighting, time: MediaTime, aspect: Double, settings: TrackerSettings) {
        self.id = id
        label = sighting.label
        firstSeen = time
        lastSeen = time
        self.time = time
        score = sighting.score
        certainty = sighting.score
        let box = sighting.box
        ratio = box.width * aspect / box.height
        let deviation = settings.measurement * box.height
        // A person walks about their own height in a second.
        centerX = Kalman(value: box.centerX * aspect, deviation: deviation, speedDeviation: box.height)
        centerY = Kalman(value: box.centerY, deviation: deviation, speedDeviation: box.height * 0.4)
        height = Kalman(value: box.height, deviation: deviation, speedDeviation: box.height * 0.1)
        updateAppearance(sighting, settings: settings)
    }

    /// Returns the seconds since the last sighting.
    func unseen(at time: MediaTime) -> Double { (time - lastSeen) / .seconds(1) }

    mutating func predict(to time: MediaTime, settings: TrackerSettings) {
        let seconds = (time - self.time) / .seconds(1)
        guard seconds > 0 else { return }
        self.time = time
        let size = height.value
        centerX.predict(seconds: seconds, acceleration: settings.acceleration * size)
        centerY.predict(seconds: seconds, acceleration: settings.acceleration * size * 0.5)
        height.predict(seconds: seconds, acceleration: settings.acceleration * size * 0.1)
        if unseen(at: time) > 0.5 {
            height.slow(by: 0.5)
            centerY.slow(by: 0.93)
            centerX.slow(by: 0.96)
        }
    }

    mutating func update(_ sighting: Sighting, at time: MediaTime, aspect: Double, settings: TrackerSettings) {
        let box = sighting.box
        // A sighting with a low score is also less precise.
        let deviation = settings.measurement * box.height * (sighting.score >= settings.high ? 1 : 2)
        centerX.correct(box.centerX * aspect, deviation: deviation)
        centerY.correct(box.centerY, deviation: deviation)
        height.correct(box.height, deviation: deviation * 1.5)
        ratio += (box.width * aspect / box.height - ratio) * 0.3
        lastSeen = time
        misses = 0
        hits += 1
        score = sighting.score
        certainty += (sighting.score - certainty) * 0.25
        updateAppearance(sighting, settings: settings)
    }

    /// Updates the appearance from a sighting that no other one overlaps.
    private mutating func updateAppearance(_ sighting: Sighting, settings: TrackerSettings) {
        guard sighting.isClear else {
            recentAppearance = nil
            recentLooks = 0
            isAmbiguous = true
            return
        }
        guard sighting.score >= settings.high, let seen = sighting.appearance else { return }
        recentLooks += 1
        if recentAppearance == nil { recentAppearance = seen } else { recentAppearance?.blend(seen, rate: 0.4) }
        if let known = knownAppearance {
            // An ambiguous track learns nothing: its known appearance must stay that of the original object.
            if !isAmbiguous, known.similarity(seen) >= settings.sure { knownAppearance?.blend(seen, rate: 0.08) }
        } else if recentLooks >= 3 {
            knownAppearance = recentAppearance
            isAmbiguous = false
        }
    }

    /// Returns its predicted box, in fractions of the frame.
    func box(aspect: Double) -> Box {
        let height = max(0.01, height.value)
        let width = height * ratio / aspect
        return Box(
            x: centerX.value / aspect - width / 2, y: centerY.value - height / 2, width: width, height: height)
    }

    /// Speed in its own heights per second.
    var pace: Double {
        let size = max(0.01, height.value)
        return (centerX.speed * centerX.speed + centerY.speed * centerY.speed).squareRoot() / size
    }
}
