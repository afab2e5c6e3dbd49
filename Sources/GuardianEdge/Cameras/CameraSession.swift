import GuardianCore
import GuardianMedia
import Logging
import ServiceLifecycle

/// One camera: reads its streams, each on its own thread, and gives their packets to subscribers.
///
/// All members may be called from any task and do not block. `run` ends when the task is cancelled or the process shuts
/// down. A camera that fails is reconnected for ever; its failure does not affect other cameras.
public final class CameraSession: Service {
    /// Which of a camera's streams.
    public enum Stream: Sendable, Hashable {
        /// The stream that is recorded and shown.
        case main
        /// The smaller stream that is analysed, or the main stream if the camera has no other.
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

    /// Health of the main stream now.
    public var health: CameraHealth { main.health }

    public func health(of stream: Stream) -> CameraHealth { feed(stream).health }

    /// Returns when a stream's packets arrived; `nil` before the first one.
    package func arrivals(of stream: Stream = .main) -> PacketArrivals? {
        feed(stream).state.withLock { $0.arrivals }
    }

    /// Returns all changes of a stream's state from now on; ends with the session.
    public func healthChanges(of stream: Stream = .main) -> AsyncStream<CameraHealth> { feed(stream).changes() }

    /// Returns the description of a live stream; `nil` while it is not live.
    public func description(of stream: Stream = .main) -> StreamDescription? {
        feed(stream).state.withLock { $0.isLive ? $0.stream : nil }
    }

    /// Returns the anchor that relates a stream's media time to UTC.
    public func anchor(of stream: Stream = .main) -> StreamAnchor { feed(stream).state.withLock { $0.anchor } }

    /// Whether the main stream's sound comes, if it has any.
    package var isSoundHeard: Bool { main.isSoundHeard }

    /// Converts media time of the detection stream to media time of the main stream.
    public func mainMediaTime(ofDetection time: MediaTime) -> MediaTime {
        guard detection != nil else { return time }
        return anchor(of: .main).mediaTime(of: time, in: anchor(of: .detection))
    }

    /// Whether the detection stream is the main stream.
    public var detectsOnMain: Bool { detection == nil }

    /// Returns a new subscription; the caller must read it or release it.
    public func subscribe(
        to stream: Stream = .main, limit: PacketSubscription.Limit = .watching,
        from beginning: SubscriptionStart = .newestGOP
    ) -> PacketSubscription {
        feed(stream).subscribe(limit: limit, from: beginning)
    }

    /// Returns description and packets of the newest GOP; `nil` while the stream is not live.
    public func newestGOP(of stream: Stream = .main) -> (stream: StreamDescription, packets: [Packet])? {
        feed(stream).state.withLock { state in
            guard state.isLive, let stream = state.stream, !state.ring.isEmpty else { return nil }
            return (stream, state.ring.newest)
        }
    }

    /// Returns description and video packets that are needed to decode the frame at `mediaTime`: from the
    /// start of its GOP up to that frame. No packets when its GOP is larger than the ring and the frame lies after the beginning
    /// that is left of it: another frame must not pass for it. `nil` when the GOP ring does not cover that time.
    public func pictures(
        of stream: Stream = .main, upTo mediaTime: MediaTime
    ) -> (stream: StreamDescription, packets: [Packet])? {
        feed(stream).state.withLock { state in
            let wanted = Ticks(lastOf: mediaTime)
            guard state.isLive, let stream = state.stream, let start = state.ring.start, start <= wanted else {
                return nil
            }
            let ring = state.ring
            let packets = (ring.isCut ? ring.newest : ring.packets(covering: wanted)).filter { $0.kind == .video }
            if ring.isCut, packets.allSatisfy({ $0.mediaTime < mediaTime }) { return (stream, []) }
            // With reordered frames, a later packet may have an earlier presentation time: take the last one that has.
            let last = packets.lastIndex { $0.mediaTime <= mediaTime } ?? 0
            return packets.isEmpty ? nil : (stream, Array(packets[...last]))
        }
    }

    /// Media time at which the GOP ring begins; `nil` while it is empty.
    public func ringStart(of stream: Stream = .main) -> MediaTime? {
        feed(stream).state.withLock { $0.ring.start.map { MediaTime($0) } }
    }

    /// Starts a live view: state, start, the newest GOP, and all following fragments.
    public func live() -> AsyncStream<LivePiece> { liveFeed.watch() }
}
