import GuardianCore

/// How an edge is, in the few words whose change is worth telling at once.
public struct StatusDigest: Codable, Hashable, Sendable {
    public struct Camera: Codable, Hashable, Sendable {
        public var id: CameraAlias
        public var state: CameraView.State
        public var recording: Bool
        public var person: Bool
        public var watch: CameraView.Watch
    }

    public var state: StatusView.State
    public var summary: String
    public var cameras: [Camera]

    public init(_ status: StatusView) {
        state = status.state
        summary = status.summary
        cameras = status.cameras.map {
            Camera(id: $0.id, state: $0.state, recording: $0.recording, person: $0.person, watch: $0.watch)
        }
    }
}

/// Asks for the status on behalf of all who watch its changes: once in half a second, however many they are.
public actor StatusCache {
    private static let age: Duration = .milliseconds(450)
    private let status: @Sendable () async throws -> StatusView
    private var word: StatusDigest?
    private var askedAt: ContinuousClock.Instant?

    public init(_ status: @escaping @Sendable () async throws -> StatusView) { self.status = status }

    /// The newest word; `nil` while there is no status yet.
    public func current() async -> StatusDigest? {
        if let askedAt, .now - askedAt < Self.age { return word }
        askedAt = .now
        if let status = try? await status() { word = StatusDigest(status) }
        return word
    }
}
