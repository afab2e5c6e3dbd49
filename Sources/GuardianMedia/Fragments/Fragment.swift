/// A fragment of a fragmented MP4 (ISO/IEC 14496-12, 8.8): one `moof` box and its `mdat`.
public struct Fragment: Sendable {
    public var bytes: [UInt8]
    /// Whether a player may start with it.
    public var startsWithKeyframe: Bool
    /// Where it begins, in ticks of 1/90,000 s of the fragmenter's timeline (its `tfdt`).
    public var start: Int64
    /// Where it ends.
    public var end: Int64

    public init(bytes: [UInt8], startsWithKeyframe: Bool, start: Int64, end: Int64) {
        self.bytes = bytes
        self.startsWithKeyframe = startsWithKeyframe
        self.start = start
        self.end = end
    }
}
