import GuardianCore

/// A clip by itself, not as a part of an event.
public struct RecordedClipView: Codable, Sendable {
    public var id: ClipID
    /// The camera's alias.
    public var camera: String
    public var cameraId: CameraID
    public var kind: Clip.Kind
    public var startedAt: Moment
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
    public var url: String

    public init(_ clip: Clip, names: CameraNames) {
        id = clip.id
        camera = names.name(of: clip.camera)
        cameraId = clip.camera
        kind = clip.kind
        startedAt = clip.startedAt.moment
        state = clip.state
        size = clip.size
        duration = clip.duration
        sha256 = clip.sha256
        contentType = clip.contentType
        missingPackets = clip.missingPackets
        url = "/api/v1/clips/\(clip.id).mp4"
    }
}
