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

    public init(ok: Bool, tookMs: Int64, codec: String?, width: Int?, height: Int?, reason: String?) {
        self.ok = ok
        self.tookMs = tookMs
        self.codec = codec
        self.width = width
        self.height = height
        self.reason = reason
    }
}
