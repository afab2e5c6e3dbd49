import GuardianCore
public import GuardianIdentity

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

    /// Returns what somebody may know of it. The summary names cameras, disks and links; whoever may not read the status, or not
    /// that of every camera, gets one of the cameras that they see.
    public func seen(by principal: Principal, names: CameraNames) -> StatusDigest {
        guard !principal.can(.readStatus) || principal.cameras != .all else { return self }
        var digest = self
        digest.cameras = cameras.filter { camera in
            (try? names.camera(named: camera.id)).map(principal.sees) ?? false
        }
        if digest.cameras.contains(where: { $0.state == .lost || $0.watch == .lost }) {
            (digest.state, digest.summary) = (.degraded, "A camera is not being recorded or watched.")
        } else if digest.cameras.allSatisfy({
            $0.state == .paused || $0.state == .live && [.quiet, .looking].contains($0.watch)
        }) {
            (digest.state, digest.summary) = (.well, "All your cameras are being watched.")
        } else {
            (digest.state, digest.summary) = (.starting, "Not every camera is being watched yet.")
        }
        return digest
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
