import GuardianCore

/// What a watch needs of its camera from now on. Whoever sends the packets (the edge) may leave out what is not needed;
/// sending more does no harm, since packets that nobody needs are not decoded.
public enum Attention: String, Sendable, Hashable, Codable, CaseIterable {
    /// Nothing moved and nobody is there: keyframes alone will do, until the packets' sizes say otherwise.
    case quiet
    /// Somebody is there and stands still: keyframes alone will do, as long as one comes at least every two seconds.
    case still
    /// Something moves: every packet from the last keyframe on is needed.
    case looking
}

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
