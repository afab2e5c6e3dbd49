import GuardianMedia

/// How a camera is recorded. Times in milliseconds of the stream.
public struct RecordingSettings: Sendable, Hashable {
    /// Picture before an event's first sight.
    public var preRoll: Int64
    /// Picture after the last event's last sight.
    public var postRoll: Int64
    /// The longest clip; the next one continues it at a keyframe.
    public var maximum: Int64
    /// Where fragments end; `nil` when clips are not sealed.
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
