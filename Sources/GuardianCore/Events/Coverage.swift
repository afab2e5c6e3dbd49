/// When and why a camera began or ceased to be watched or recorded. It tells a time without events from a time without
/// recording.
public struct Coverage: Hashable, Sendable, Codable {
    public enum Change: String, Hashable, Sendable, Codable, CaseIterable {
        case started
        case stopped
        /// The recorder ended without a shutdown; `at` is the last moment it is known to have run.
        case fell
        case cameraLost = "camera_lost"
        case cameraBack = "camera_back"
        /// The owner paused the camera: it is not recorded until it is back.
        case cameraPaused = "camera_paused"
        /// The owner removed the camera: nothing is claimed about it any more.
        case cameraRemoved = "camera_removed"
        /// The AI service is unreachable: the camera is recorded but not analysed.
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
