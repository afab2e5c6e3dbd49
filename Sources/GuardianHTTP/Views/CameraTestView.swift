/// The result of one test connection to a camera.
public struct CameraTestView: Codable, Sendable {
    public var ok: Bool
    /// Milliseconds until the first keyframe, or until it failed.
    public var tookMs: Int64
    @Nullable public var codec: String?
    /// Pixels.
    @Nullable public var width: Int?
    @Nullable public var height: Int?
    /// Why it failed, for people.
    @Nullable public var reason: String?
    /// Frames a second, and seconds from keyframe to keyframe, as measured.
    @Nullable public var fps: Double?
    @Nullable public var gopSeconds: Double?
    /// How far the camera's clock is ahead, in milliseconds.
    @Nullable public var clockDifferenceMs: Int64?
    /// What should be set differently, for people; empty when nothing is wrong.
    public var advice: [String]
    /// A JPEG of the first keyframe, in base64.
    @Nullable public var picture: String?

    public init(ok: Bool, tookMs: Int64, codec: String?, width: Int?, height: Int?, reason: String?) {
        self.ok = ok
        self.tookMs = tookMs
        self.codec = codec
        self.width = width
        self.height = height
        self.reason = reason
        (fps, gopSeconds, clockDifferenceMs, picture) = (nil, nil, nil, nil)
        advice = []
    }
}
