import GuardianCore
import GuardianHTTP

/// What recorder, events and watch do with a camera now; its session does not know it.
public struct CameraActivity: Sendable, Hashable {
    /// Whether a clip is being recorded.
    public var recording: Bool
    /// Whether an event is open.
    public var person: Bool
    public var watch: CameraView.Watch
    public var lastLookAt: Timestamp?
    /// Since when it is not being analysed, and why; `nil` while it is.
    public var watchLostSince: Timestamp?
    public var watchFailure: String?

    public init(
        recording: Bool, person: Bool, watch: CameraView.Watch, lastLookAt: Timestamp? = nil,
        watchLostSince: Timestamp? = nil, watchFailure: String? = nil
    ) {
        self.recording = recording
        self.person = person
        self.watch = watch
        self.lastLookAt = lastLookAt
        self.watchLostSince = watchLostSince
        self.watchFailure = watchFailure
    }
}

extension CameraSource {
    /// Returns the live records of a running camera, from the newest GOP on.
    static func records(of session: CameraSession) -> AsyncStream<LiveRecord> {
        let pieces = session.live()
        return AsyncStream {
            // `LiveRecord` is `nil` only if encoding JSON fails, which its plain members exclude.
            while let piece = await pieces.first(where: { _ in true }) {
                if let record = LiveRecord(piece) { return record }
            }
            return nil
        }
    }
}

extension CameraView {
    public init(_ identity: CameraIdentity, health: CameraHealth, activity: CameraActivity) {
        self.init(
            id: identity.alias, cameraId: identity.id, name: identity.name, state: State(health.state),
            since: health.since, fps: health.fps, bitrate: Double(health.bitrate), width: health.width,
            height: health.height, codec: health.codec, lastPacketAt: health.lastPacketAt,
            lastFailure: health.lastFailure, reconnects: health.reconnects, recording: activity.recording,
            person: activity.person, watch: activity.watch, lastLookAt: activity.lastLookAt,
            watchLostSince: activity.watchLostSince, watchFailure: activity.watchFailure)
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
            guard let record = CameraStateRecord(health).record else { return nil }
            self = record
        }
    }
}

extension CameraStateRecord {
    init(_ health: CameraHealth) {
        self.init(
            CameraView.State(health.state), since: health.since,
            reason: health.state == .live ? nil : health.lastFailure)
    }
}
