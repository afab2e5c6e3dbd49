import GuardianCore
import GuardianVision

/// What came of one packet.
public struct WatchReport: Sendable, Hashable {
    /// Looks that were made at pictures that this packet completed, oldest first; mostly none or one.
    public var observations: [Observation]
    public var attention: Attention
    /// What it took, for metrics.
    public var effort: WatchEffort

    public init(observations: [Observation] = [], attention: Attention, effort: WatchEffort = WatchEffort()) {
        self.observations = observations
        self.attention = attention
        self.effort = effort
    }
}

/// Counts of what a watch did.
public struct WatchEffort: Sendable, Hashable {
    /// Pictures that were decoded.
    public var decoded = 0
    /// Pictures that the motion gate looked at.
    public var looks = 0
    /// Regions that the detector looked at.
    public var detections = 0
    /// Packets that were passed over: they belong to a picture whose keyframe is missing.
    public var passedOver = 0

    public init() {}

    public static func += (left: inout WatchEffort, right: WatchEffort) {
        left.decoded += right.decoded
        left.looks += right.looks
        left.detections += right.detections
        left.passedOver += right.passedOver
    }
}
