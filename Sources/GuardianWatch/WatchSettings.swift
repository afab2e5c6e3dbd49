import GuardianVision

/// How one camera is analysed.
public struct WatchSettings: Sendable, Hashable {
    /// Maximum looks per second of media time, 1 to 30.
    public var rate: Double
    /// Time between detections of a confident track that stands still.
    public var stillInterval: Duration
    /// Time between detections of a confident track that moves isolated from others.
    public var sureInterval: Duration
    /// After this time without motion and tracks, keyframes are enough.
    public var quietAfter: Duration
    public var motion: MotionSettings
    public var regions: Regions.Settings
    public var merge: SightingMerge
    public var tracker: TrackerSettings

    public init(
        rate: Double = 5, stillInterval: Duration = .seconds(1), sureInterval: Duration = .milliseconds(400),
        quietAfter: Duration = .seconds(3),
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

    /// Time between two looks, in whole milliseconds.
    var interval: Duration { .milliseconds(Int64((1000 / rate).rounded())) }
}
