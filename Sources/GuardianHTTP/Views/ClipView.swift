import GuardianCore

/// A clip and where in it an event is seen.
public struct ClipView: Codable, Sendable {
    public var id: ClipID
    public var startedAt: Moment
    /// Milliseconds in the clip between which the event is seen, without the rolls.
    public var from: Int64
    public var to: Int64
    /// It does not begin the full two seconds before the event, because the stream did not either.
    public var preRollShort: Bool
    public var state: Clip.State
    /// Bytes so far.
    public var size: Int64
    /// Milliseconds so far.
    public var duration: Int64
    /// Of the whole file, once it is closed.
    @Nullable public var sha256: Hash256?
    public var contentType: String
    /// Packets that the stream lost while it was recorded.
    public var missingPackets: Int
    /// Where the file is; `null` where only its hash is known.
    @Nullable public var url: String?

    public init(_ clip: Clip, span: ClipSpan, servesFiles: Bool) {
        id = clip.id
        startedAt = clip.startedAt.moment
        from = span.from
        to = span.to
        preRollShort = span.preRollShort
        state = clip.state
        size = clip.size
        duration = clip.duration
        sha256 = clip.sha256
        contentType = clip.contentType
        missingPackets = clip.missingPackets
        url = servesFiles ? "/api/v1/clips/\(clip.id).mp4" : nil
    }
}
