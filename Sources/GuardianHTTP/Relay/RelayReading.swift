import GuardianCore
import GuardianIdentity

/// Fetches recordings from the recorder that has them. Whoever calls has checked that the caller may see them.
public struct RelayReading: Sendable {
    /// Returns a clip, with an index before its fragments where it is asked for.
    ///
    /// - Throws: `not_found` when it is gone, `unavailable` when the recorder cannot be asked.
    public var clip: @Sendable (_ id: ClipID, _ isIndexed: Bool, Caller) async throws -> RemoteContent
    /// An event's picture.
    public var snapshot: @Sendable (EventID, Caller) async throws -> RemoteContent
    /// Returns the camera of a clip; `nil` when there is no such clip.
    public var cameraOfClip: @Sendable (ClipID) async throws -> CameraID?

    public init(
        clip: @escaping @Sendable (_ id: ClipID, _ isIndexed: Bool, Caller) async throws -> RemoteContent,
        snapshot: @escaping @Sendable (EventID, Caller) async throws -> RemoteContent,
        cameraOfClip: @escaping @Sendable (ClipID) async throws -> CameraID?
    ) {
        self.clip = clip
        self.snapshot = snapshot
        self.cameraOfClip = cameraOfClip
    }
}
