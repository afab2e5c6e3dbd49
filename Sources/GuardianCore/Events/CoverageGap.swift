/// A time in which a camera was not recorded or not watched.
public struct CoverageGap: Hashable, Sendable {
    public enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
        case cameraLost = "camera_lost"
        case cameraPaused = "camera_paused"
        case watchLost = "watch_lost"
        case diskFull = "disk_full"
        case stopped
        case fell
    }

    /// `nil`: every camera of the device.
    public let camera: CameraID?
    public let from: Timestamp
    /// `nil`: the gap has not ended.
    public let to: Timestamp?
    public let reason: Reason
    /// Text for people.
    public let text: String?

    public init(camera: CameraID?, from: Timestamp, to: Timestamp?, reason: Reason, text: String?) {
        self.camera = camera
        self.from = from
        self.to = to
        self.reason = reason
        self.text = text
    }
}
