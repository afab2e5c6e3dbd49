/// How sightings become tracks. Lengths are in heights of the object, times in seconds.
public struct TrackerSettings: Sendable, Hashable {
    /// Sightings with at least this score are matched first and may continue a lost track (ByteTrack's two stages,
    /// arXiv 2110.06864).
    public var high: Double
    /// Sightings between this score and `high` only continue an active track at
    /// their position. Weaker ones are ignored.
    public var low: Double
    /// A sighting with at least this score that matches no track starts one.
    public var new: Double
    /// Sightings until a track is confirmed.
    public var hitsToConfirm: Int
    /// A tentative track is removed after this many misses.
    public var missesOfNew: Int
    /// How long a track that is out of sight is kept.
    public var keepLost: Double
    /// How long it is still reported at its predicted position.
    public var carry: Double
    /// How far from its predicted position an object may be, the growth per second out of sight, and the limit.
    public var gate: Double
    public var gateGrowth: Double
    public var gateLimit: Double
    /// A lost track matches no sighting whose appearance similarity is below this.
    public var alike: Double
    /// From this appearance similarity on, two sightings are considered the same object.
    public var sure: Double
    /// The similarity that is assumed when one of two appearances is not known.
    public var neutral: Double
    /// Two identities are swapped when the sum of similarities improves by more than this …
    public var repair: Double
    /// … or by more than this when one of the tracks is new.
    public var repairWithNewTrack: Double
    /// Unobstructed looks until a recent appearance is used for comparison.
    public var clearLooks: Int
    /// Active tracks and sightings with a higher cost (0 to 1) are not matched.
    public var pairLimit: Double
    /// Standard deviation of the unknown acceleration, in heights per second squared.
    public var acceleration: Double
    /// Standard deviation of a measured position, in heights.
    public var measurement: Double

    public init(
        high: Double = 0.35, low: Double = 0.12, new: Double = 0.45, hitsToConfirm: Int = 3, missesOfNew: Int = 2,
        keepLost: Double = 8, carry: Double = 1, gate: Double = 0.5, gateGrowth: Double = 0.8, gateLimit: Double = 2.5,
        alike: Double = 0.78, sure: Double = 0.85, neutral: Double = 0.84, repair: Double = 0.06,
        repairWithNewTrack: Double = 0.12, clearLooks: Int = 3,
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
        self.repairWithNewTrack = repairWithNewTrack
        self.clearLooks = clearLooks
        self.pairLimit = pairLimit
        self.acceleration = acceleration
        self.measurement = measurement
    }
}
