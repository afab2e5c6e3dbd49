import GuardianCore
import GuardianMedia
import Logging
import Synchronization

/// A camera's live view: one fragmenter for all viewers, which runs only while there are viewers.
///
/// A new viewer gets the newest GOP so far and then every fragment. A viewer that is too slow loses its queued fragments and
/// continues at the next keyframe.
final class LiveFeed: Sendable {
    /// Longest duration of a fragment: the most by which it delays a frame.
    static let fragmentLimit = Ticks.seconds(0.2)
    /// Most bytes of a GOP that are kept for new viewers; less than a viewer's queue takes. Of a larger GOP its first fragment is
    /// kept: they see its keyframe until the next one comes.
    static let gopLimit = 15 << 20

    private struct WeakViewer {
        weak var viewer: LiveViewer?
    }

    private struct State {
        var viewers: [Int: WeakViewer] = [:]
        var next = 0
        var start: LivePiece?
        var gop: [[UInt8]] = []
        var gopBytes = 0
        /// Whether only the first fragment of the GOP is kept.
        var isCut = false
        var isFinished = false

        mutating func remember(_ fragment: [UInt8], startsWithKeyframe: Bool) {
            if startsWithKeyframe { forget() }
            guard startsWithKeyframe || !gop.isEmpty, !isCut else { return }
            gop.append(fragment)
            gopBytes += fragment.count
            guard gopBytes > LiveFeed.gopLimit else { return }
            gop.removeSubrange(1...)
            isCut = true
            if gop[0].count > LiveFeed.gopLimit { forget() }
        }

        mutating func forget() { (gop, gopBytes, isCut) = ([], 0, false) }
    }

    private let feed: StreamFeed
    private let state = Mutex(State())
    private let wake = Mailbox<Void>()

    init(feed: StreamFeed) { self.feed = feed }

    /// Adds a viewer and returns its stream, which ends with the camera or when the reading task is cancelled.
    func watch() -> AsyncStream<LivePiece> {
        let viewer = state.withLock { state -> LiveViewer in
            state.next += 1
            let key = state.next
            let viewer = LiveViewer { [weak self] in
                _ = self?.state.withLockIfAvailable { $0.viewers[key] = nil }
            }
            let health = feed.health
            viewer.enqueue(.state(health), startsWithKeyframe: false)
            guard !state.isFinished else {
                viewer.finish()
                return viewer
            }
            if let start = state.start {
                let gop = state.gop
                viewer.begin(start)
                for (index, fragment) in gop.enumerated() {
                    viewer.enqueue(.fragment(fragment), startsWithKeyframe: index == 0)
                }
                if state.isCut { viewer.awaitKeyframe() }
            }
            state.viewers[key] = WeakViewer(viewer: viewer)
            return viewer
        }
        wake.update { if $0.isEmpty { $0.append(()) } }
        return AsyncStream {
            await viewer.next()
        } onCancel: {
            viewer.end()
        }
    }

    /// Runs until the task is cancelled.
    func run() async {
        async let states: Void = sendStates()
        while await wake.next() != nil {
            guard hasViewers else { continue }
            await serve()
        }
        await states
        finish()
    }

    private func sendStates() async {
        for await health in feed.changes() { send(.state(health), startsWithKeyframe: false) }
    }

    private var hasViewers: Bool {
        state.withLock { state in
            state.viewers = state.viewers.filter { $0.value.viewer != nil }
            return !state.viewers.isEmpty
        }
    }

    private func serve() async {
        while await serveUntilSoundEnds() {}
        state.withLock { state in
            state.start = nil
            state.forget()
        }
    }

    /// Serves until there are no viewers, or until the sound that was sent with the pictures stops: players would wait for it.
    ///
    /// - Returns: whether to begin again, at the newest keyframe and without sound.
    private func serveUntilSoundEnds() async -> Bool {
        let subscription = feed.subscribe(limit: .live, from: .newestGOP)
        defer { subscription.cancel() }
        var stream: StreamDescription?
        var fragmenter: Fragmenter?
        while let batch = await subscription.nextBatch() {
            guard hasViewers else { break }
            for item in batch {
                switch item {
                case .stream(let new): (stream, fragmenter) = (new, nil)
                case .lost: (stream, fragmenter) = (nil, nil)
                case .packet(let packet):
                    let isHeard = feed.isSoundHeard
                    if fragmenter?.hasSound == true, !isHeard { return true }
                    do {
                        if packet.isKeyframe, packet.kind == .video, isHeard, stream?.audio != nil,
                            fragmenter?.hasSound == false
                        {
                            fragmenter = nil
                        }
                        // The subscription dropped packets: start a new timeline, or players would wait for the gap.
                        if packet.discontinuity, packet.isKeyframe, packet.missingBefore == 0 { fragmenter = nil }
                        if fragmenter == nil, let stream, packet.kind == .video, packet.isKeyframe {
                            let made = try Fragmenter(
                                stream: isHeard ? stream : stream.withoutAudio, origin: packet.dts,
                                limit: Self.fragmentLimit)
                            fragmenter = made
                            begin(.start(codecs: made.codecs, initSegment: made.initSegment))
                        }
                        for fragment in try fragmenter?.append(packet) ?? [] {
                            send(.fragment(fragment.bytes), startsWithKeyframe: fragment.startsWithKeyframe)
                        }
                    } catch {
                        feed.logger.warning(
                            "stream cannot be shown live",
                            metadata: ["camera": "\(feed.name)", "reason": "\(error)"])
                        (stream, fragmenter) = (nil, nil)
                    }
                }
            }
        }
        return false
    }

    private func begin(_ start: LivePiece) {
        let viewers = state.withLock { state -> [LiveViewer] in
            state.start = start
            state.forget()
            return state.viewers.values.compactMap(\.viewer)
        }
        for viewer in viewers {
            viewer.begin(start)
        }
    }

    private func send(_ piece: LivePiece, startsWithKeyframe: Bool) {
        let viewers = state.withLock { state -> [LiveViewer] in
            if case .fragment(let bytes) = piece { state.remember(bytes, startsWithKeyframe: startsWithKeyframe) }
            return state.viewers.values.compactMap(\.viewer)
        }
        for viewer in viewers { viewer.enqueue(piece, startsWithKeyframe: startsWithKeyframe) }
    }

    private func finish() {
        let viewers = state.withLock { state -> [LiveViewer] in
            state.isFinished = true
            return state.viewers.values.compactMap(\.viewer)
        }
        for viewer in viewers { viewer.finish() }
    }
}
