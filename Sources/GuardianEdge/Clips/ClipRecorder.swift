import GuardianCore
import GuardianMedia
import Logging
import ServiceLifecycle
import Synchronization

/// Records one camera while at least one event is open there: clips that the events share, with picture before and
/// after them. All media times are the main stream's, in milliseconds.
///
/// It writes on a queue of its own: a slow disk holds up nobody else.
public actor ClipRecorder: Service {
    private static let syncInterval: Int64 = 2_000

    /// What the journal must know, in order. For one reader, who must read it; it ends with `run`.
    public nonisolated let outcomes: AsyncStream<ClipOutcome>
    private let continuation: AsyncStream<ClipOutcome>.Continuation
    private let executor: QueueExecutor
    private let camera: CameraSession
    private let store: ClipStore
    private let settings: RecordingSettings
    private let logger: Logger
    private let recording = Atomic<Bool>(false)
    /// Subscriptions for `run` to read.
    private let subscriptions = Mailbox<PacketSubscription>()

    private var holds: Set<EventID> = []
    /// Recording goes on until this media time, and as long as an event holds it.
    private var stopTime = Int64.min
    private var subscription: PacketSubscription?
    private var droppedBefore = 0
    private var stream: StreamDescription?
    private var clip: OpenClip?
    private var newest = Int64.min
    private var timeline = ClipTimeline()
    private var isStopped = false

    public init(camera: CameraSession, store: ClipStore, settings: RecordingSettings = .init(), logger: Logger) {
        self.camera = camera
        self.store = store
        self.settings = settings
        self.logger = logger
        executor = QueueExecutor(label: "clips of \(camera.identity.alias)")
        (outcomes, continuation) = AsyncStream.makeStream()
    }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Whether a clip is open now.
    public nonisolated var isRecording: Bool { recording.load(ordering: .acquiring) }

    /// An event opened: recording begins with the pre-roll, or goes on. Doing it twice changes nothing.
    /// - Parameter mediaTime: of the event's first sight.
    /// - Returns: the clips that show it so far: one, or none while the camera or the disk is away.
    @discardableResult
    public func begin(_ event: EventID, at mediaTime: Int64) -> [ClipSpan] {
        guard !isStopped else { return [] }
        holds.insert(event)
        stopTime = max(stopTime, mediaTime + settings.postRoll)
        startReading(from: mediaTime - settings.preRoll) { timeline.begin(event) }
        return timeline.spans(of: event, from: mediaTime, to: mediaTime)
    }

    /// An event closed: once no other holds it, recording ends when the post-roll is full.
    /// - Parameter mediaTime: of the event's last sight.
    public func end(_ event: EventID, lastSight mediaTime: Int64) {
        holds.remove(event)
        stopTime = max(stopTime, mediaTime + settings.postRoll)
        stopIfDone()
    }

    /// The clips that show an event between its first sight and `to`, oldest first.
    public func spans(of event: EventID, from: Int64, to: Int64) -> [ClipSpan] {
        timeline.spans(of: event, from: from, to: to)
    }

    /// Writes until the task is cancelled or the process shuts down; then the open clip is closed.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.readSubscriptions() }
                group.addTask { await self.resumeWhenThereIsRoom() }
            }
        }
        stop()
    }

    private nonisolated func readSubscriptions() async {
        while let subscription = await subscriptions.next() {
            while await subscription.awaitItems() { await recordItems(from: subscription) }
            await ended(subscription)
        }
    }

    private nonisolated func resumeWhenThereIsRoom() async {
        while (try? await Task.sleep(for: .seconds(1))) != nil { await resume() }
    }

    private func resume() {
        guard !holds.isEmpty, subscription == nil, !isStopped else { return }
        startReading(from: Int64.max / 90) {}
    }

    /// Reads the camera from the ring on, if that is not done already. `noting` runs when what has been read before is
    /// dealt with.
    private func startReading(from mediaTime: Int64, noting: () -> Void) {
        if let subscription {
            record(subscription.drain(), from: subscription)
        }
        if subscription != nil || store.isFull {
            noting()
            return
        }
        noting()
        let made = camera.subscribe(limit: .recording, from: .covering(mediaTime))
        subscription = made
        droppedBefore = 0
        record(made.drain(), from: made)
        if subscription === made { subscriptions.update { $0.append(made) } }
    }

    /// Drains here, on the actor, as `startReading` does: packets that were taken elsewhere and still on their way would
    /// come after newer ones. What a subscription that was let go of still holds is thrown away.
    private func recordItems(from source: PacketSubscription) {
        let items = source.drain()
        guard source === subscription else { return }
        record(items, from: source)
    }

    private func record(_ items: [StreamItem], from source: PacketSubscription) {
        for item in items {
            guard source === subscription else { return }
            switch item {
            case .stream(let description):
                closeClip()
                stream = description
            case .lost:
                closeClip()
                stream = nil
                if holds.isEmpty { stopReading() }
            case .packet(let packet):
                record(packet)
            }
        }
        let dropped = source.dropped
        clip?.missingPackets += dropped - droppedBefore
        droppedBefore = dropped
    }

    private func record(_ packet: Packet) {
        newest = max(newest, packet.mediaTime)
        do {
            let isStart = packet.kind == .video && packet.isKeyframe
            if isStart, let clip, clip.mustSplit(at: MediaTicks.milliseconds(packet.dts), maximum: settings.maximum) {
                closeClip()
            }
            if clip != nil {
                try write(packet)
            } else if isStart {
                try openClip(packet)
            }
        } catch {
            logger.error(
                "recording failed", metadata: ["camera": "\(camera.identity.alias)", "reason": "\(error)"])
            closeClip()
            stopReading()
        }
        if store.isFull {
            closeClip()
            stopReading()
        }
        stopIfDone()
    }

    private func openClip(_ first: Packet) throws {
        guard let stream, !store.isFull else { return }
        let start = MediaTicks.milliseconds(first.dts)
        let startedAt = camera.anchor().timestamp(ofMediaTime: start)
        let id = ClipID.v7(at: startedAt)
        let file = try ClipFile(
            creating: store.url(of: id, camera: camera.identity.id), stream: stream, first: first,
            padding: settings.padding)
        let made = OpenClip(
            id: id, camera: camera.identity.id, file: file, startedAt: startedAt, keyframeAt: start, syncedAt: start)
        clip = made
        timeline.open(id, start: start)
        store.note(id, length: file.size)
        recording.store(true, ordering: .releasing)
        continuation.yield(.opened(made.clip(.recording)))
    }

    private func write(_ packet: Packet) throws {
        guard let open = clip else { return }
        let before = open.file.size
        try open.file.append(packet)
        if packet.dts > open.file.origin { clip?.missingPackets += packet.missingBefore }
        let time = MediaTicks.milliseconds(packet.dts)
        if packet.kind == .video, packet.isKeyframe {
            clip?.gop = time - open.keyframeAt
            clip?.keyframeAt = time
        }
        guard open.file.size != before else { return }
        store.note(open.id, length: open.file.size)
        if time - open.syncedAt >= Self.syncInterval {
            clip?.syncedAt = time
            try open.file.sync()
        }
    }

    private func closeClip() {
        guard let open = clip else { return }
        clip = nil
        recording.store(false, ordering: .releasing)
        do {
            let summary = try open.file.close()
            timeline.close(end: open.start + summary.duration)
            continuation.yield(.closed(open.clip(.complete, summary: summary)))
        } catch {
            timeline.close(end: open.start + open.file.duration)
            logger.error("a clip could not be closed", metadata: ["clip": "\(open.id)", "reason": "\(error)"])
            let url = store.url(of: open.id, camera: open.camera)
            if let found = try? ClipFile.adopt(url) {
                continuation.yield(.closed(open.clip(.interrupted, summary: found.summary)))
            }
        }
        store.noteClosed(open.id)
    }

    private func stopIfDone() {
        guard holds.isEmpty, newest >= stopTime || stream == nil else { return }
        closeClip()
        stopReading()
    }

    private func stopReading() {
        subscription?.cancel()
        subscription = nil
        stream = nil
    }

    private func ended(_ source: PacketSubscription) {
        guard source === subscription else { return }
        closeClip()
        stopReading()
    }

    private func stop() {
        if let subscription { record(subscription.drain(), from: subscription) }
        isStopped = true
        closeClip()
        stopReading()
        subscriptions.finish()
        continuation.finish()
    }
}
