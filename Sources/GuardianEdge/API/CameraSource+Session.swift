import GuardianCore
import GuardianHTTP

/// What the camera's session does not know of itself.
public struct CameraActivity: Sendable, Hashable {
    /// A clip is being recorded.
    public var recording: Bool
    /// Somebody is in view.
    public var person: Bool
    public var watch: CameraView.Watch

    public init(recording: Bool, person: Bool, watch: CameraView.Watch) {
        self.recording = recording
        self.person = person
        self.watch = watch
    }
}

extension CameraSource {
    /// A running camera.
    ///
    /// - Parameters:
    ///   - activity: what is done with its packets now.
    ///   - snapshot: decodes the newest picture to a JPEG; throws `unavailable` when there is none.
    public init(
        _ session: CameraSession, activity: @escaping @Sendable () async -> CameraActivity,
        snapshot: @escaping @Sendable () async throws -> [UInt8]
    ) {
        let test = CameraTest(session)
        self.init(
            id: session.identity.id, alias: session.identity.alias,
            view: { CameraView(session.identity, health: session.health, activity: await activity()) },
            snapshot: snapshot,
            live: {
                let pieces = session.live()
                return AsyncStream {
                    // A piece that cannot be written as JSON cannot be: all its members are plain.
                    while let piece = await pieces.first(where: { _ in true }) {
                        if let record = LiveRecord(piece) { return record }
                    }
                    return nil
                }
            },
            test: { try await test.run() })
    }
}

extension CameraView {
    /// How a camera is.
    public init(_ identity: CameraIdentity, health: CameraHealth, activity: CameraActivity) {
        self.init(
            id: identity.alias, cameraId: identity.id, name: identity.name, state: State(health.state),
            since: health.since, fps: health.fps, bitrate: Double(health.bitrate), width: health.width,
            height: health.height, codec: health.codec, lastPacketAt: health.lastPacketAt,
            lastFailure: health.lastFailure, reconnects: health.reconnects, recording: activity.recording,
            person: activity.person, watch: activity.watch)
    }
}

extension CameraView.State {
    init(_ state: CameraHealth.State) {
        self =
            switch state {
            case .connecting: .connecting
            case .live: .live
            case .lost: .lost
            case .stopped: .stopped
            }
    }
}

extension LiveRecord {
    init?(_ piece: LivePiece) {
        switch piece {
        case .start(let codecs, let initSegment): self = .start(codecs: codecs, initSegment: initSegment)
        case .fragment(let bytes): self = .fragment(bytes)
        case .state(let health):
            guard let word = try? JSON.encode(CameraStateWord(health)) else { return nil }
            self = .state(word)
        }
    }
}

/// A live record's word on how the camera is.
struct CameraStateWord: Codable, Sendable {
    var state: CameraView.State
    var since: Moment
    /// Why it was lost; `null` while it is live.
    @Nullable var reason: String?

    init(_ health: CameraHealth) {
        state = CameraView.State(health.state)
        since = health.since.moment
        reason = health.state == .live ? nil : health.lastFailure
    }
}
