import GuardianCore

/// A fragment of a fragmented MP4 (ISO/IEC 14496-12, 8.8): one `moof` box and its `mdat`.
public struct Fragment: Sendable {
    public var bytes: [UInt8]
    /// Whether a player may start with it.
    public var startsWithKeyframe: Bool
    /// Where it begins on the fragmenter's timeline (its `tfdt`).
    public var start: Ticks
    /// Where it ends.
    public var end: Ticks

    public init(bytes: [UInt8], startsWithKeyframe: Bool, start: Ticks, end: Ticks) {
        self.bytes = bytes
        self.startsWithKeyframe = startsWithKeyframe
        self.start = start
        self.end = end
    }
}
