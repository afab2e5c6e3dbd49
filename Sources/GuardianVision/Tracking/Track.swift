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

    public internal(set) var id: Int
    public let label: Label
    public internal(set) var state = State.tentative
    /// Milliseconds of the stream.
    public internal(set) var firstSeen: Int64
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
    /// How it is known to look, from times when it stood apart from others.
    var memory: Appearance?
    /// How it has looked since it last stood apart, and in how many looks.
    var fresh: Appearance?
    var freshLooks = 0
    /// It was mixed up with others since its memory was last confirmed: it may be somebody else.
    var isDoubtful = false
    /// Which other tracks it was close to, and when last.
    var met: [Int: Int64] = [:]
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
        let box = sighting.box
        ratio = box.width * aspect / box.height
        let deviation = settings.measurement * box.height
        // A walker covers its own height in about a second.
        centerX = Kalman(value: box.centerX * aspect, deviation: deviation, speedDeviation: box.height)
        centerY = Kalman(value: box.centerY, deviation: deviation, speedDeviation: box.height * 0.4)
        height = Kalman(value: box.height, deviation: deviation, speedDeviation: box.height * 0.1)
        look(like: sighting, settings: settings)
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
        look(like: sighting, settings: settings)
    }

    /// Takes in how it looks, as far as that can be seen.
    private mutating func look(like sighting: Sighting, settings: TrackerSettings) {
        guard sighting.isClear else {
            fresh = nil
            freshLooks = 0
            isDoubtful = true
            return
        }
        guard sighting.score >= settings.high, let seen = sighting.appearance else { return }
        freshLooks += 1
        if fresh == nil { fresh = seen } else { fresh?.blend(seen, rate: 0.4) }
        if let known = memory {
            // In doubt nothing is learnt: the memory must stay that of who it was.
            if !isDoubtful, known.similarity(seen) >= settings.sure { memory?.blend(seen, rate: 0.08) }
        } else if freshLooks >= 3 {
            memory = fresh
            isDoubtful = false
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
