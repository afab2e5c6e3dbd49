import GuardianCore

/// A clip and the span in it that shows an event.
public struct ClipView: Codable, Sendable {
    public var id: ClipID
    public var startedAt: Moment
    /// Milliseconds from the clip's start between which the event is seen, without pre-roll and post-roll.
    public var from: Int64
    public var to: Int64
    /// Whether the pre-roll is shorter than two seconds, because the stream began less than two seconds before the
    /// event.
    public var preRollShort: Bool
    public var state: Clip.State
    /// Bytes so far.
    public var size: Int64
    /// Milliseconds so far.
    public var duration: Int64
    /// The hash of the whole file, once it is closed.
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
