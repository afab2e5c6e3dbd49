import GuardianVision

/// How one camera is analysed.
public struct WatchSettings: Sendable, Hashable {
    /// Maximum looks per second of media time, 1 to 30.
    public var rate: Double
    /// Time between detections of a confident track that stands still, in milliseconds.
    public var stillInterval: Int64
    /// Time between detections of a confident track that moves isolated from others, in milliseconds.
    public var sureInterval: Int64
    /// After this time without motion and tracks, in milliseconds, keyframes are enough.
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
