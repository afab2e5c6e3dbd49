import GuardianVision

/// How one camera is watched.
public struct WatchSettings: Sendable, Hashable {
    /// Looks a second of media time, at most; 1 to 30.
    public var rate: Double
    /// Who surely stands still is looked at so often, in milliseconds.
    public var stillInterval: Int64
    /// Who is surely recognised and walks alone is looked at so often, in milliseconds.
    public var sureInterval: Int64
    /// Nothing moved and nobody was there for so long, in milliseconds: keyframes are enough from here on.
    public var quietAfter: Int64
    public var motion: MotionSettings
    public var regions: Regions.Settings
    public var merge: SightingMerge
    public var tracker: TrackerSettings

    public init(
        rate: Double = 5, stillInterval: Int64 = 1000, sureInterval: Int64 = 400, quietAfter: Int64 = 3000,
        motion: MotionSettings = MotionSettings(), regions: Regions.Settings = Regions.Settings(),
        merge: SightingMerge = SightingMerge(), tracker: TrackerSettings = TrackerSettings()
    ) {
        self.rate = min(30, max(1, rate))
        self.stillInterval = stillInterval
        self.sureInterval = sureInterval
        self.quietAfter = quietAfter
        self.motion = motion
        self.regions = regions
        self.merge = merge
        self.tracker = tracker
    }

    /// Milliseconds between two looks.
    var interval: Int64 { Int64((1000 / rate).rounded()) }
}
