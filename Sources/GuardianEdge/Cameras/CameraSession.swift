import GuardianCore
import GuardianMedia
import Logging
import ServiceLifecycle

/// One camera: its streams, read on threads of their own, and everybody who reads along.
///
/// All of it may be called from anywhere at any time; nothing blocks. `run` ends when the task is cancelled or the
/// process shuts down; a camera that fails is tried again for ever and takes nobody with it.
public final class CameraSession: Service {
    /// Which of a camera's streams.
    public enum Stream: Sendable, Hashable {
        /// The one that is recorded and shown.
        case main
        /// The smaller one for looking, or the main one where there is no other.
        case detection
    }

    public let identity: CameraIdentity
    public let settings: CameraSettings
    private let main: StreamFeed
    private let detection: StreamFeed?
    private let liveFeed: LiveFeed

    public init(
        identity: CameraIdentity, settings: CameraSettings, clock: any WallClock = SystemClock(), logger: Logger
    ) {
        self.identity = identity
        self.settings = settings
        let epoch = ContinuousClock.now
        main = StreamFeed(
            name: identity.alias.text, address: settings.source, isRecorded: true, settings: settings, epoch: epoch,
            clock: clock, logger: logger)
        detection = settings.detect.map { address in
            StreamFeed(
                name: identity.alias.text + " (detection)", address: address, isRecorded: false, settings: settings,
                epoch: epoch, clock: clock, logger: logger)
        }
        liveFeed = LiveFeed(feed: main)
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.main.run() }
                group.addTask { await self.liveFeed.run() }
                if let detection = self.detection { group.addTask { await detection.run() } }
            }
        }
    }

    private func feed(_ stream: Stream) -> StreamFeed {
        stream == .detection ? detection ?? main : main
    }

    /// How the main stream is now.
    public var health: CameraHealth { main.health }

    public func health(of stream: Stream) -> CameraHealth { feed(stream).health }

    /// Each change of a stream's state, from now on, none left out; ends with the session.
    public func healthChanges(of stream: Stream = .main) -> AsyncStream<CameraHealth> { feed(stream).changes() }

    /// What the stream is while it is live.
    public func description(of stream: Stream = .main) -> StreamDescription? {
        feed(stream).state.withLock { $0.isLive ? $0.stream : nil }
    }

    /// UTC of a stream's media time.
    public func anchor(of stream: Stream = .main) -> StreamAnchor { feed(stream).state.withLock { $0.anchor } }

    /// The main stream's media time (milliseconds) of a moment on the detection stream.
    public func mainMediaTime(ofDetection time: Int64) -> Int64 {
        guard detection != nil else { return time }
        return anchor(of: .main).mediaTime(of: anchor(of: .detection).timestamp(ofMediaTime: time))
    }

    /// Whether the stream that is looked at is the one that is recorded.
    public var looksAtMain: Bool { detection == nil }

    /// A reader of its own; it must be read or let go of.
    public func subscribe(
        to stream: Stream = .main, limit: PacketSubscription.Limit = .watching,
        from beginning: SubscriptionStart = .newestGOP
    ) -> PacketSubscription {
        feed(stream).subscribe(limit: limit, from: beginning)
    }

    /// Description and packets of the GOP that is growing; `nil` while the stream is not live.
    public func newestGOP(of stream: Stream = .main) -> (stream: StreamDescription, packets: [Packet])? {
        feed(stream).state.withLock { state in
            guard state.isLive, let stream = state.stream, !state.ring.isEmpty else { return nil }
            return (stream, state.ring.newest)
        }
    }

    /// Description and packets of the ring from the GOP on that covers `mediaTime` (milliseconds), up to the packet that
    /// is shown then and no further; `nil` when the ring does not hold that moment.
    public func pictures(
        of stream: Stream = .main, upTo mediaTime: Int64
    ) -> (stream: StreamDescription, packets: [Packet])? {
        feed(stream).state.withLock { state in
            guard state.isLive, let stream = state.stream, let start = state.ring.start, start <= mediaTime * 90 + 89
            else { return nil }
            let packets = state.ring.packets(covering: mediaTime * 90 + 89).filter { $0.kind == .video }
            // Pictures that are shown earlier may be decoded up to a second later.
            let last = packets.lastIndex { $0.mediaTime <= mediaTime } ?? 0
            return packets.isEmpty ? nil : (stream, Array(packets[...last]))
        }
    }

    /// Where the ring begins, in media time (milliseconds).
    public func ringStart(of stream: Stream = .main) -> Int64? {
        feed(stream).state.withLock { $0.ring.start.map(MediaTicks.milliseconds) }
    }

    /// A live viewer of its own: state, start, the newest GOP, and what follows.
    public func live() -> AsyncStream<LivePiece> { liveFeed.watch() }
}
