import GuardianMedia

/// How a camera is recorded. Times are in milliseconds.
public struct RecordingSettings: Sendable, Hashable {
    /// Recorded time before an event's first sighting.
    public var preRoll: Int64
    /// Recorded time after the last event's last sighting.
    public var postRoll: Int64
    /// Longest clip; the next clip continues at a keyframe.
    public var maximum: Int64
    /// Padding that makes fragments end at segment boundaries; `nil` when clips are not archived.
    public var padding: FragmentPadding?

    public init(
        preRoll: Int64 = 5_000, postRoll: Int64 = 5_000, maximum: Int64 = 300_000, padding: FragmentPadding? = nil
    ) {
        self.preRoll = preRoll
        self.postRoll = postRoll
        self.maximum = maximum
        self.padding = padding
    }
}
