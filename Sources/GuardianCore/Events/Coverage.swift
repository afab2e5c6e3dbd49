/// When and why a camera was not watched or not recorded: no event must never look like no recording.
public struct Coverage: Hashable, Sendable, Codable {
    public enum Change: String, Hashable, Sendable, Codable, CaseIterable {
        case started
        case stopped
        /// The recorder ended without saying so; `at` is the last moment it is known to have run.
        case fell
        case cameraLost = "camera_lost"
        case cameraBack = "camera_back"
        /// The AI service is away: recording goes on, nobody looks.
        case watchLost = "watch_lost"
        case watchBack = "watch_back"
        case diskFull = "disk_full"
        case diskBack = "disk_back"
    }

    public var change: Change
    /// `nil`: every camera.
    public var camera: CameraID?
    public var at: Timestamp
    /// For a person; holds no secret.
    public var reason: String?

    public init(change: Change, camera: CameraID?, at: Timestamp, reason: String? = nil) {
        self.change = change
        self.camera = camera
        self.at = at
        self.reason = reason
    }
}
