import GuardianCore

/// A camera as the API shows it.
public struct CameraView: Codable, Sendable {
    public typealias State = CameraReport.State
    public typealias Watch = CameraReport.Watch

    /// What whoever manages cameras may see of the settings. Passwords are never shown.
    public struct Settings: Codable, Sendable {
        /// The addresses, without their passwords.
        public var source: String
        @Nullable public var detect: String?
        /// `tcp` or `udp`.
        public var transport: String
        public var audio: Bool
        public var hasPassword: Bool
        /// Whether the configuration file brought it.
        public var imported: Bool

        public init(
            source: String, detect: String?, transport: String, audio: Bool, hasPassword: Bool, imported: Bool
        ) {
            self.source = source
            self.detect = detect
            self.transport = transport
            self.audio = audio
            self.hasPassword = hasPassword
            self.imported = imported
        }
    }

    /// The alias.
    public var id: CameraAlias
    public var cameraId: CameraID
    public var name: String
    public var state: State
    /// Since when it is in that state.
    public var since: Moment
    public var fps: Double
    /// Bits a second.
    public var bitrate: Double
    /// Pixels of the main stream.
    @Nullable public var width: Int?
    @Nullable public var height: Int?
    @Nullable public var codec: String?
    @Nullable public var lastPacketAt: Moment?
    /// Why the connection was lost the last time, for people.
    @Nullable public var lastFailure: String?
    public var reconnects: Int
    /// Whether a clip is being recorded now.
    public var recording: Bool
    /// Whether a person is in view now.
    public var person: Bool
    public var watch: Watch
    /// When it was last looked at.
    @Nullable public var lastLookAt: Moment?
    /// Since when it is not being analysed, and why, for people; `null` while it is, and while that is not known yet.
    @Nullable public var watchLostSince: Moment?
    @Nullable public var watchFailure: String?
    /// `null` for whoever may not manage cameras.
    @Nullable public var settings: Settings?

    public init(
        id: CameraAlias, cameraId: CameraID, name: String, state: State, since: Timestamp, fps: Double, bitrate: Double,
        width: Int?, height: Int?, codec: String?, lastPacketAt: Timestamp?, lastFailure: String?, reconnects: Int,
        recording: Bool, person: Bool, watch: Watch, lastLookAt: Timestamp? = nil, watchLostSince: Timestamp? = nil,
        watchFailure: String? = nil
    ) {
        self.id = id
        self.cameraId = cameraId
        self.name = name
        self.state = state
        self.since = since.moment
        self.fps = (fps * 10).rounded() / 10
        self.bitrate = bitrate.rounded()
        self.width = width
        self.height = height
        self.codec = codec
        self.lastPacketAt = lastPacketAt?.moment
        self.lastFailure = lastFailure
        self.reconnects = reconnects
        self.recording = recording
        self.person = person
        self.watch = watch
        self.lastLookAt = lastLookAt?.moment
        self.watchLostSince = watchLostSince?.moment
        self.watchFailure = watchFailure
        settings = nil
    }
}
