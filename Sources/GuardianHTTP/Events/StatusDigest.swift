import GuardianCore

/// The part of an edge's status whose changes are sent to clients immediately.
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

/// Caches the status digest for all event streams, so that the status is read at most about twice a second, however
/// many clients there are.
public actor StatusCache {
    private static let maximumAge: Duration = .milliseconds(450)
    private let status: @Sendable () async throws -> StatusView
    private let monotonic: any MonotonicClock
    private var digest: StatusDigest?
    private var readAt: ContinuousClock.Instant?

    public init(
        monotonic: any MonotonicClock = SystemMonotonicClock(),
        _ status: @escaping @Sendable () async throws -> StatusView
    ) {
        self.monotonic = monotonic
        self.status = status
    }

    /// Returns the newest digest; `nil` while there is no status yet.
    public func current() async -> StatusDigest? {
        if let readAt, monotonic.elapsed(since: readAt) < Self.maximumAge { return digest }
        readAt = monotonic.now()
        if let status = try? await status() { digest = StatusDigest(status) }
        return digest
    }
}
