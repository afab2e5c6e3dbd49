import GuardianCore
import GuardianVision

/// The result of processing one packet.
public struct WatchReport: Sendable, Hashable {
    /// Observations of the frames that this packet completed, oldest first; usually none or one.
    public var observations: [Observation]
    public var attention: Attention
    /// Counts for metrics.
    public var effort: WatchEffort

    public init(observations: [Observation] = [], attention: Attention, effort: WatchEffort = WatchEffort()) {
        self.observations = observations
        self.attention = attention
        self.effort = effort
    }
}

/// Counts of what a watch did.
public struct WatchEffort: Sendable, Hashable {
    /// Frames decoded.
    public var decoded = 0
    /// Frames analysed.
    public var looks = 0
    /// Regions given to the detector.
    public var detections = 0
    /// Packets skipped because their keyframe is missing.
    public var skipped = 0

    public init() {}

    public static func += (left: inout WatchEffort, right: WatchEffort) {
        left.decoded += right.decoded
        left.looks += right.looks
        left.detections += right.detections
        left.skipped += right.skipped
    }
}
