import GuardianCore

/// The camera's state as a live record carries it.
public struct CameraStateRecord: Codable, Sendable {
    public var state: CameraView.State
    public var since: Moment
    /// Why the camera was lost; `null` while it is live.
    @Nullable public var reason: String?

    public init(_ state: CameraView.State, since: Timestamp, reason: String? = nil) {
        self.state = state
        self.since = since.moment
        self.reason = reason
    }

    /// `nil` only if encoding JSON fails, which its plain members exclude.
    public var record: LiveRecord? { (try? JSON.encode(self)).map(LiveRecord.state) }
}
