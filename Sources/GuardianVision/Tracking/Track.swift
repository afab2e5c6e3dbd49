import GuardianCore

/// One object followed through the picture.
public struct Track: Sendable, Hashable {
    public enum State: Sendable, Hashable {
        /// Seen too seldom yet to be sure.
        case tentative
        case confirmed
        /// Out of sight, or hidden; it may come back.
        case lost
    }

    public let id: Int
    public let label: Label
    public internal(set) var state = State.tentative
    /// Milliseconds of the stream.
    public let firstSeen: Int64
    public internal(set) var lastSeen: Int64
    public internal(set) var hits = 1
    /// Looks in a row at its place that did not show it.
    public internal(set) var misses = 0
    /// The score at its last sighting.
    public internal(set) var score: Double
    /// A mean of its scores, leaning towards the newer.
    public internal(set) var certainty: Double
    /// Something moved where it stands, at some time: it is no part of the scene.
    public internal(set) var hasStirred = false
    var appearance: Appearance?
    /// Width over height, in pixels.
    var ratio: Double
    var centerX: Kalman
    var centerY: Kalman
    var height: Kalman
    var time: Int64

    init(id: Int, sighting: Sighting, time: Int64, aspect: Double, settings: TrackerSettings) {
        self.id = id
        label = sighting.label
        firstSeen = time
        lastSeen = time
        self.time = time
        score = sighting.score
        certainty = sighting.score
        appearance = sighting.appearance
        let box = sighting.box
        ratio = box.width * aspect / box.height
        let deviation = settings.measurement * box.height
        // A walker covers its own height in about a second.
        centerX = Kalman(value: box.centerX * aspect, deviation: deviation, speedDeviation: box.height)
        centerY = Kalman(value: box.centerY, deviation: deviation, speedDeviation: box.height * 0.4)
        height = Kalman(value: box.height, deviation: deviation, speedDeviation: box.height * 0.1)
    }

    /// Seconds since it was seen.
    func unseen(at time: Int64) -> Double { Double(time - lastSeen) / 1000 }

    mutating func predict(to time: Int64, settings: TrackerSettings) {
        let seconds = Double(time - self.time) / 1000
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

    mutating func see(_ sighting: Sighting, at time: Int64, aspect: Double, settings: TrackerSettings) {
        let box = sighting.box
        // A weak sighting is also a less exact one.
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
        if let seen = sighting.appearance, sighting.score >= settings.high {
            if appearance == nil { appearance = seen } else { appearance?.blend(seen, rate: 0.15) }
        }
    }

    /// Where it is by what is known, in fractions of the picture.
    func box(aspect: Double) -> Box {
        let tall = max(0.01, height.value)
        let wide = tall * ratio / aspect
        return Box(x: centerX.value / aspect - wide / 2, y: centerY.value - tall / 2, width: wide, height: tall)
    }

    /// Speed in its own heights a second.
    var pace: Double {
        let size = max(0.01, height.value)
        return (centerX.speed * centerX.speed + centerY.speed * centerY.speed).squareRoot() / size
    }
}
