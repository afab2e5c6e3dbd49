import GuardianConfiguration
import GuardianCore
import GuardianMedia
import GuardianOperations

/// Addresses of a camera's streams and how they are read.
public struct CameraSettings: Sendable {
    /// `rtsp://…`, `rtsps://…` or `file:…`.
    public var source: Secret<String>
    /// A second, smaller stream of the same view, for detection.
    public var detect: Secret<String>?
    public var transport: RTSPSource.Transport
    /// Whether the main stream's AAC audio is recorded.
    public var audio: Bool
    /// Time-out for connecting, in seconds.
    public var openTimeout: Double = 10
    /// Seconds without a packet until the camera is lost: it is a problem within ten.
    public var readTimeout: Double = 8
    /// Delays between connection attempts.
    public var backoff = Backoff(base: .milliseconds(500), limit: .seconds(15))
    /// Most bytes in the GOP ring.
    public var ringBytes = 96 << 20
    /// Where the addresses may lead when they are connected to.
    private let reach: @Sendable (Secret<String>) -> CameraReach
    private let preRoll: @Sendable () -> Int

    /// - Parameters:
    ///   - reach: where an address may lead when it is connected to.
    ///   - preRoll: seconds of packets that a clip may need from before its event; read at each use.
    public init(
        source: Secret<String>, detect: Secret<String>? = nil, transport: RTSPSource.Transport = .tcp,
        audio: Bool = false, reach: @escaping @Sendable (Secret<String>) -> CameraReach = { _ in .anywhere },
        preRoll: @escaping @autoclosure @Sendable () -> Int = RecordingLimits.preRoll.usual
    ) {
        self.source = source
        self.detect = detect
        self.transport = transport
        self.audio = audio
        self.reach = reach
        self.preRoll = preRoll
    }

    /// Seconds that the GOP ring covers: the pre-roll and the time until an event is recognised.
    public var ringSeconds: Double {
        Double(max(preRoll(), RecordingLimits.preRoll.usual) + RecordingLimits.recognition)
    }

    /// Makes a source for one connection to `address`, which is `source` or `detect`.
    func source(
        _ address: Secret<String>, audio: Bool, timelineOffset: Ticks, clock: any WallClock, interruption: Interruption
    ) -> any VideoSource {
        if address.reveal().hasPrefix("file:") {
            return FileSource(
                path: address.reveal(), pace: .looping, wantsAudio: audio, timelineOffset: timelineOffset,
                wallClock: clock, interruption: interruption)
        }
        return RTSPSource(
            address: address, reach: reach(address),
            options: .init(
                transport: transport, wantsAudio: audio, openTimeout: openTimeout, readTimeout: readTimeout),
            timelineOffset: timelineOffset, wallClock: clock, interruption: interruption)
    }
}
