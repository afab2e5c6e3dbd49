/// What an edge tells its node of one of its cameras, while an owner lets people watch from there.
public struct CameraReport: Hashable, Sendable {
    public enum State: String, Codable, Hashable, Sendable { case live, connecting, lost, stopped, paused }
    /// `unknown` until the first look.
    public enum Watch: String, Codable, Hashable, Sendable { case unknown, quiet, looking, lost }

    /// Most cameras of one edge; the others are not told.
    public static let limit = 64

    public var id: CameraID
    public var alias: CameraAlias
    public var name: String
    public var state: State
    public var watch: Watch
    /// Since when it is in that state.
    public var since: Timestamp
    public var fps: Double
    /// Bits a second.
    public var bitrate: Int64
    /// Pixels of the main stream.
    public var width: Int?
    public var height: Int?
    public var codec: String?
    /// Whether a clip is being recorded now.
    public var recording: Bool
    /// Whether a person is in view now.
    public var person: Bool

    public init(
        id: CameraID, alias: CameraAlias, name: String, state: State, watch: Watch, since: Timestamp, fps: Double,
        bitrate: Int64, width: Int?, height: Int?, codec: String?, recording: Bool, person: Bool
    ) {
        self.id = id
        self.alias = alias
        self.name = name
        self.state = state
        self.watch = watch
        self.since = since
        self.fps = fps
        self.bitrate = bitrate
        self.width = width
        self.height = height
        self.codec = codec
        self.recording = recording
        self.person = person
    }

    /// Whether only figures differ that change all the time.
    public func isAlike(_ other: CameraReport) -> Bool {
        var same = other
        (same.fps, same.bitrate) = (fps, bitrate)
        return same == self
    }
}
