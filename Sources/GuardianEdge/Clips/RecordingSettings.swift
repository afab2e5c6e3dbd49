import GuardianConfiguration
import GuardianMedia

/// How a camera is recorded.
public struct RecordingSettings: Sendable, Hashable {
    /// Recorded time before an event's first sighting.
    public var preRoll: Duration
    /// Recorded time after the last event's last sighting.
    public var postRoll: Duration
    /// Longest clip; the next clip continues at a keyframe.
    public var maximum: Duration
    /// Padding that makes fragments end at segment boundaries; `nil` when clips cannot be archived.
    public var padding: FragmentPadding?

    public init(
        preRoll: Duration = .seconds(RecordingLimits.preRoll.usual),
        postRoll: Duration = .seconds(RecordingLimits.postRoll.usual),
        maximum: Duration = .seconds(RecordingLimits.maximum.usual), padding: FragmentPadding? = nil
    ) {
        self.preRoll = preRoll
        self.postRoll = postRoll
        self.maximum = maximum
        self.padding = padding
    }
}
