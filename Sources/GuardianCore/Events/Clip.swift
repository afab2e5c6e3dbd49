/// One append-only file of one camera.
public struct Clip: Hashable, Sendable, Codable, Identifiable {
    public enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case recording
        case complete
        /// The recorder crashed while writing it; it plays up to its last fragment.
        case interrupted
    }

    /// Why it is recorded.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// At least one of the camera's events is open.
        case event
        /// The camera is not analysed, so that no event can open. It shows no event.
        case continuous
    }

    public var id: ClipID
    public var camera: CameraID
    public var state: State
    /// When its first frame was captured.
    public var startedAt: Timestamp
    /// Milliseconds of video.
    public var duration: Int64
    /// Bytes.
    public var size: Int64
    /// SHA-256 of the whole file; `nil` until it is closed.
    public var sha256: Hash256?
    /// RFC 6381, e.g. `video/mp4; codecs="avc1.64001f"`.
    public var contentType: String
    /// Packets that the stream lost during the recording, as far as that is known.
    public var missingPackets: Int
    public var kind: Kind

    public init(
        id: ClipID, camera: CameraID, state: State, startedAt: Timestamp, duration: Int64, size: Int64,
        sha256: Hash256?, contentType: String, missingPackets: Int, kind: Kind = .event
    ) {
        self.id = id
        self.camera = camera
        self.state = state
        self.startedAt = startedAt
        self.duration = duration
        self.size = size
        self.sha256 = sha256
        self.contentType = contentType
        self.missingPackets = missingPackets
        self.kind = kind
    }
}
