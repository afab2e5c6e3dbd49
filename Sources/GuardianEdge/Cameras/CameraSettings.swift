import GuardianCore
import GuardianMedia
import GuardianOperations

/// Where a camera's streams are and how they are read.
public struct CameraSettings: Sendable {
    /// `rtsp://…`, `rtsps://…` or `file:…`.
    public var source: Secret<String>
    /// A second, smaller stream of the same view, for detection.
    public var detect: Secret<String>?
    public var transport: RTSPSource.Transport
    /// Keeps AAC sound of the main stream.
    public var audio: Bool
    /// Seconds until connecting is given up.
    public var openTimeout: Double = 10
    /// Seconds without a packet until the camera is lost.
    public var readTimeout: Double = 10
    /// Waits between tries to connect.
    public var backoff = Backoff(base: .milliseconds(500), limit: .seconds(15))
    /// Seconds before now that the ring covers: the pre-roll and the time that it takes to be sure of an event.
    public var ringSeconds: Double = 15
    /// Bytes that the ring holds at most.
    public var ringBytes = 96 << 20

    public init(
        source: Secret<String>, detect: Secret<String>? = nil, transport: RTSPSource.Transport = .tcp,
        audio: Bool = false
    ) {
        self.source = source
        self.detect = detect
        self.transport = transport
        self.audio = audio
    }

    /// A source for one connection; `address` is one of the two above.
    func source(
        _ address: Secret<String>, audio: Bool, timelineOffset: Int64, clock: any WallClock, interruption: Interruption
    ) -> any VideoSource {
        if address.reveal().hasPrefix("file:") {
            return FileSource(
                path: address.reveal(), pace: .looping, wantsAudio: audio, timelineOffset: timelineOffset,
                wallClock: clock, interruption: interruption)
        }
        return RTSPSource(
            address: address,
            options: .init(
                transport: transport, wantsAudio: audio, openTimeout: openTimeout, readTimeout: readTimeout),
            timelineOffset: timelineOffset, wallClock: clock, interruption: interruption)
    }
}
