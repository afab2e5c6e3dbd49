import GuardianCore
import GuardianMedia
import Logging
import ServiceLifecycle
import Synchronization

/// Records one camera's clips while at least one event is open, with pre-roll and post-roll, and continuously while the camera
/// is not analysed. Events at the same time share clips; a continuous clip shows no event. All media times are the main
/// stream's.
///
/// The actor writes on its own queue, so that a slow disk does not block other tasks.
public actor ClipRecorder: Service {
    private static let syncInterval = Duration.seconds(2)
    /// The post-roll by the monotonic clock is longer than by media time, which decides as long as it runs.
    private static let postRollGrace = Duration.seconds(2)

    /// Opened and closed clips, in order, for one reader. The stream is unbounded, so it must be read; it ends with `run`.
    public nonisolated let outcomes: AsyncStream<ClipOutcome>
    private let continuation: AsyncStream<ClipOutcome>.Continuation
    private let executor: QueueExecutor
    private let camera: CameraSession
    private let store: ClipStore
    private let settings: @Sendable () -> RecordingSettings
    private let monotonic: any MonotonicClock
    private let logger: Logger
    private let recording = Atomic<Bool>(false)
    private let written = Mutex<ContinuousClock.Instant?>(nil)
    /// Subscriptions for `run` to read.
    private let subscriptions = Mailbox<PacketSubscription>()

    /// Open events.
    private var openEvents: Set<EventID> = []
    /// Whether everything is recorded, because no event can open.
    private var isContinuous = false
    /// Recording continues at least until this media time, and for as long as an event is open.
    private var stopTime = MediaTime.distantPast
    /// … but no longer than until this moment once none is, however slowly media time passes.
    private var deadline: ContinuousClock.Instant?
    private var subscription: PacketSubscription?
    private var droppedBefore = 0
    private var stream: StreamDescription?
    private var clip: OpenClip?
    private var newest = MediaTime.distantPast
    private var timeline = ClipTimeline()
    private var isStopped = false
    /// Media time of the packet with which writing failed: reading begins there again.
    private var failedAt: MediaTime?

    /// - Parameter settings: read at each use; a clip that is open keeps its longest duration.
    public init(
        camera: CameraSession, store: ClipStore,
        settings: @escaping @autoclosure @Sendable () -> RecordingSettings = RecordingSettings(),
        monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) {
        self.camera = camera
        self.store = store
        self.settings = settings
        self.monotonic = monotonic
        self.logger = logger
        executor = QueueExecutor(label: "clips of \(camera.identity.alias)")
        (outcomes, continuation) = AsyncStream.makeStream()
    }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Whether a clip is open now.
    public nonisolated var isRecording: Bool { recording.load(ordering: .acquiring) }

    /// When bytes of a clip were last written; `nil` before the first ones.
    package nonisolated var lastWrite: ContinuousClock.Instant? { written.withLock { $0 } }

    /// Starts recording for an event that opened, with the pre-roll, or continues it. A second call for the event changes
    /// nothing.
    ///
    /// - Parameter mediaTime: of the event's first sighting.
    /// - Returns: the clips that show it so far: one, or none while the camera is lost or the disk is full.
    @discardableResult
    public func begin(_ event: EventID, at mediaTime: MediaTime) -> [ClipSpan] {
        guard !isStopped else { return [] }
        endContinuousClip()
        openEvents.insert(event)
        let settings = settings()
        stopTime = max(stopTime, mediaTime + settings.postRoll)
        startReading(from: mediaTime - settings.preRoll) { timeline.begin(event) }
        return timeline.spans(of: event, from: mediaTime, to: mediaTime)
    }

    /// Ends recording for an event that closed. Once no event is open, recording stops at the end of the post-roll.
    ///
    /// - Parameter mediaTime: of the event's last sighting.
    public func end(_ event: EventID, lastSight mediaTime: MediaTime) {
        openEvents.remove(event)
        let postRoll = settings().postRoll
        stopTime = max(stopTime, mediaTime + postRoll)
        deadline = monotonic.now() + postRoll + Self.postRollGrace
        stopIfDone()
    }

    /// Records everything from `mediaTime` on, or from as far back as there are packets, until `endContinuous`: in clips that
    /// show no event. While an event is open, its own clip goes on instead.
    public func beginContinuous(from mediaTime: MediaTime) {
        guard !isStopped, !isContinuous else { return }
        isContinuous = true
        startReading(from: mediaTime) {}
    }

    /// Ends what `beginContinuous` began.
    public func endContinuous() {
        endContinuousClip()
        isContinuous = false
    }

    /// Ends a continuous clip with the newest packet, if one is open. An event that follows begins with a clip of its own,
    /// whose pre-roll may show the same time.
    private func endContinuousClip() {
        guard isContinuous else { return }
        if let subscription { record(subscription.drain(), from: subscription) }
        guard (clip?.kind ?? kind) == .continuous else { return }
        closeClip()
        stopReading()
    }

    /// Of the clip that would begin now.
    private var kind: Clip.Kind { isContinuous && isPastEvents ? .continuous : .event }

    /// Whether no event is open and the last one's post-roll is over.
    private var isPastEvents: Bool {
        let isOverdue = deadline.map { monotonic.now() >= $0 } ?? false
        return openEvents.isEmpty && (newest >= stopTime || isOverdue || stream == nil)
    }

    /// Returns the clips that show an event between `from` and `to`, oldest first.
    public func spans(of event: EventID, from: MediaTime, to: MediaTime) -> [ClipSpan] {
        timeline.spans(of: event, from: from, to: to)
    }

    /// Records until the task is cancelled or the process shuts down, and then closes the open clip.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.readSubscriptions() }
                group.addTask { await self.resumeWhenPossible() }
            }
        }
        stop()
    }

    private nonisolated func readSubscriptions() async {
        while let subscription = await subscriptions.next() {
            while await subscription.awaitItems() { await recordItems(from: subscription) }
            await finish(subscription)
        }
    }

    private nonisolated func resumeWhenPossible() async {
        while (try? await monotonic.sleep(for: .seconds(1))) != nil { await resume() }
    }

    private func resume() {
        if subscription != nil { stopIfDone() }
        guard isContinuous || !openEvents.isEmpty, subscription == nil, !isStopped, !store.isFull else { return }
        startReading(from: failedAt.take() ?? .distantFuture) {}
    }

    /// Subscribes to the camera from `mediaTime` on, if there is no subscription. `noting` runs after all packets received so
    /// far are recorded and before new ones are.
    private func startReading(from mediaTime: MediaTime, noting: () -> Void) {
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

    /// Drains the subscription on the actor, as `startReading` does: packets taken outside of it could arrive after newer ones.
    /// Items of a subscription that is no longer current are dropped.
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
                if openEvents.isEmpty, !isContinuous { stopReading() }
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
            // A player would wait for sound that does not come: the next clip has none, until it comes.
            let soundChanged = isStart && clip.map { $0.file.hasSound != hasSound } ?? false
            let kindChanged = isStart && clip.map { $0.kind != kind } ?? false
            if let clip, soundChanged || kindChanged || clip.bounds.mustSplit(before: packet, size: clip.file.size) {
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
            failedAt = packet.mediaTime
        }
        if store.isFull {
            closeClip()
            stopReading()
        }
        stopIfDone()
    }

    private var hasSound: Bool { stream?.audio != nil && camera.isSoundHeard }

    private func openClip(_ first: Packet) throws {
        let (kind, settings) = (kind, settings())
        guard let stream, !store.isFull, kind == .event || store.takesContinuousClips else { return }
        let start = MediaTime(first.dts)
        let startedAt = camera.anchor().timestamp(ofMediaTime: start)
        let id = ClipID.v7(at: startedAt)
        let file = try store.createFile(of: id, camera: camera.identity.id) { url in
            try ClipFile(
                creating: url, stream: hasSound ? stream : stream.withoutAudio, first: first, padding: settings.padding)
        }
        let made = OpenClip(
            id: id, camera: camera.identity.id, file: file, startedAt: startedAt, kind: kind,
            bounds: ClipBounds(first: first, maximum: settings.maximum), syncedAt: first.arrivalInstant)
        clip = made
        if made.kind == .event { timeline.open(id, start: start) }
        store.note(id, length: file.size)
        noteWriting()
        recording.store(true, ordering: .releasing)
        continuation.yield(.opened(made.clip(.recording)))
    }

    private func write(_ packet: Packet) throws {
        guard let open = clip else { return }
        let before = open.file.size
        try open.file.append(packet)
        if packet.dts > open.file.origin { clip?.missingPackets += packet.missingBefore }
        clip?.bounds.note(packet)
        guard open.file.size != before else { return }
        store.note(open.id, length: open.file.size)
        noteWriting()
        if packet.arrivalInstant - open.syncedAt >= Self.syncInterval {
            clip?.syncedAt = packet.arrivalInstant
            try open.file.sync()
        }
    }

    private func noteWriting() {
        let now = monotonic.now()
        written.withLock { $0 = now }
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
            logger.error("closing a clip failed", metadata: ["clip": "\(open.id)", "reason": "\(error)"])
            let url = store.url(of: open.id, camera: open.camera)
            if let found = try? ClipFile.adopt(url) {
                continuation.yield(.closed(open.clip(.interrupted, summary: found.summary)))
            } else {
                store.abandon(open.id)
            }
        }
        store.noteClosed(open.id)
    }

    private func stopIfDone() {
        guard !isContinuous, isPastEvents else { return }
        closeClip()
        stopReading()
    }

    private func stopReading() {
        subscription?.cancel()
        subscription = nil
        stream = nil
    }

    private func finish(_ source: PacketSubscription) {
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
