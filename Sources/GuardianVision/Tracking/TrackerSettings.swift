/// How sightings become tracks. Lengths are in heights of the object, times in seconds.
public struct TrackerSettings: Sendable, Hashable {
    /// Scores from here on are matched first and may find a lost track again (ByteTrack's two stages, arXiv 2110.06864).
    public var high: Double
    /// Weaker sightings only keep a track alive that is where they are.
    public var low: Double
    /// From here on a sighting that fits nobody begins a track.
    public var new: Double
    /// So many sightings make a track certain.
    public var hitsToConfirm: Int
    /// A new track that is missed so often before that was nothing.
    public var missesOfNew: Int
    /// So long a track that is out of sight is kept.
    public var keepLost: Double
    /// So long it is still shown where it must be.
    public var carry: Double
    /// How far from its predicted place an object may be, and how that grows with each second out of sight.
    public var gate: Double
    public var gateGrowth: Double
    public var gateLimit: Double
    /// Colours less alike than this are somebody else, after a time out of sight.
    public var alike: Double
    /// Colours as alike as this are surely the same one.
    public var sure: Double
    /// What two are worth of which one's colours are not known.
    public var neutral: Double
    /// Identities change bodies when that fits their colours better by so much.
    public var repair: Double
    /// … and with somebody new only by so much.
    public var repairByNewcomer: Double
    /// So many clear looks say what a body's colours are.
    public var clearLooks: Int
    /// A match that costs more (0 to 1) is none.
    public var pairLimit: Double
    /// Deviation of the unknown acceleration, in heights a second squared.
    public var acceleration: Double
    /// Deviation of a measured place, in heights.
    public var measurement: Double

    public init(
        high: Double = 0.35, low: Double = 0.12, new: Double = 0.45, hitsToConfirm: Int = 3, missesOfNew: Int = 2,
        keepLost: Double = 8, carry: Double = 1, gate: Double = 0.5, gateGrowth: Double = 0.8, gateLimit: Double = 2.5,
        alike: Double = 0.78, sure: Double = 0.85, neutral: Double = 0.84, repair: Double = 0.06,
        repairByNewcomer: Double = 0.12, clearLooks: Int = 3,
        pairLimit: Double = 0.75, acceleration: Double = 0.6, measurement: Double = 0.05
    ) {
        self.high = high
        self.low = low
        self.new = new
        self.hitsToConfirm = hitsToConfirm
        self.missesOfNew = missesOfNew
        self.keepLost = keepLost
        self.carry = carry
        self.gate = gate
        self.gateGrowth = gateGrowth
        self.gateLimit = gateLimit
        self.alike = alike
        self.sure = sure
        self.neutral = neutral
        self.repair = repair
        self.repairByNewcomer = repairByNewcomer
        self.clearLooks = clearLooks
        self.pairLimit = pairLimit
        self.acceleration = acceleration
        self.measurement = measurement
    }
}
