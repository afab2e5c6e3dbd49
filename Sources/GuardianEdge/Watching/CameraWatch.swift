import GRPCCore
import GuardianCore
import GuardianMedia
import GuardianOperations
import GuardianVision
import GuardianWire
import Logging
import ServiceLifecycle
import Synchronization

/// Runs the watch of one camera: sends the detection stream's packets to the AI service and receives observations. When the
/// service fails, or says nothing although packets arrive, posts `watchLost` and starts a new watch.
package final class CameraWatch: Service {
    /// The watch's state as the status shows it: `unknown` until the first look, or until there should have been one.
    package enum WatchState: String, Sendable { case unknown, quiet, looking, lost }

    package struct Report: Sendable {
        package var state: WatchState
        package var lastLook: Occurrence?
        /// Why it is lost, and since when.
        package var loss: WatchEvidence.Loss?
    }

    private struct Progress {
        var attention = Attention.looking
        var arrivals = ArrivalLog()
        var evidence: WatchEvidence
        /// Media time of the last look.
        var lastLook: MediaTime?
        /// Whether the packets ended because the camera stopped.
        var hasEnded = false
    }

    private let camera: CameraIdentity
    private let link: InferenceLink
    private let rate: Double
    /// Whether snapshots are made from the detection stream, which then is the main stream.
    private let pictures: Bool
    /// Makes a new subscription to the detection stream.
    private let subscribe: @Sendable () -> PacketSubscription
    private let deliver: @Sendable (CameraInput) -> Void
    /// The packets of the main stream: while they arrive, there must be looks.
    private let arrivals: @Sendable () -> PacketArrivals?
    /// Why the detection stream sends nothing; `nil` while it does.
    private let obstacle: @Sendable () -> String?
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let logger: Logger
    private let progress: Mutex<Progress>

    package init(
        camera: CameraIdentity, link: InferenceLink, rate: Double, pictures: Bool, clock: any WallClock,
        monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger,
        arrivals: @escaping @Sendable () -> PacketArrivals?, obstacle: @escaping @Sendable () -> String? = { nil },
        subscribe: @escaping @Sendable () -> PacketSubscription, deliver: @escaping @Sendable (CameraInput) -> Void
    ) {
        self.camera = camera
        self.link = link
        self.rate = rate
        self.pictures = pictures
        self.clock = clock
        self.monotonic = monotonic
        self.logger = logger
        self.arrivals = arrivals
        self.obstacle = obstacle
        self.subscribe = subscribe
        self.deliver = deliver
        let began = Occurrence(instant: monotonic.now(), time: clock.now())
        progress = Mutex(Progress(evidence: WatchEvidence(began: began)))
    }

    package var state: WatchState { report.state }

    /// What is known of the watch now. Judged when it is read, so that it does not depend on a task that may hang.
    package var report: Report {
        let arrivals = arrivals()
        let (evidence, attention) = progress.withLock { ($0.evidence, $0.attention) }
        var report = Report(state: .unknown, lastLook: evidence.lastLook, loss: evidence.loss)
        if report.loss == nil, evidence.isSilent(arrivals) {
            report.loss = WatchEvidence.Loss(reason: silenceReason(evidence), since: evidence.lossStart(arrivals))
        }
        if report.loss != nil {
            report.state = .lost
        } else if report.lastLook != nil {
            report.state = attention == .quiet ? .quiet : .looking
        }
        return report
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            let backoff = Backoff(base: .milliseconds(50), limit: .seconds(1))
            var failures = 0
            while !Task.isCancelled {
                let looksBefore = self.progress.withLock { $0.evidence.lastLook }
                do {
                    try await self.attempt()
                    failures = 0
                } catch {
                    guard !Task.isCancelled else { return }
                    let hasLooked = self.progress.withLock { $0.evidence.lastLook } != looksBefore
                    failures = hasLooked ? 1 : failures + 1
                    self.lose(GuardianError.call(error, "The AI service"))
                }
                try? await self.monotonic.sleep(for: backoff.delay(after: max(1, failures)))
            }
        }
    }

    /// Runs one watch until the camera stops.
    ///
    /// - Throws: `GuardianError` when the service fails, or says nothing although packets arrive.
    private func attempt() async throws {
        progress.withLock { $0.hasEnded = false }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.watch() }
            group.addTask { try await self.failWhenSilent() }
            defer { group.cancelAll() }
            try await group.next()
        }
        guard !Task.isCancelled, !progress.withLock({ $0.hasEnded }) else { return }
        throw GuardianError(.unavailable, "The AI service ended the analysis.")
    }

    private func failWhenSilent() async throws {
        let began = monotonic.now()
        while true {
            try await monotonic.sleep(for: .seconds(1))
            let evidence = progress.withLock { $0.evidence }
            guard evidence.isSilent(arrivals(), since: began) else { continue }
            let silence = GuardianError(.unavailable, silenceReason(evidence))
            // Before the call is cancelled, which a service that hangs may delay.
            lose(silence)
            throw silence
        }
    }

    private func silenceReason(_ evidence: WatchEvidence) -> String {
        let health = link.health
        if health.state != .up { return health.reason ?? "The AI service is not ready." }
        if let obstacle = obstacle() { return "Its detection stream is lost: \(obstacle)" }
        return evidence.failure ?? "Packets arrive, but nothing has been seen in them: no picture could be decoded."
    }

    /// Runs one watch until the camera stops or the service fails.
    private func watch() async throws {
        let packets = subscribe()
        defer { packets.cancel() }
        guard let stream = await Self.firstStream(of: packets) else {
            if !Task.isCancelled { progress.withLock { $0.hasEnded = true } }
            return
        }
        progress.withLock { $0.attention = .looking }
        var options = CallOptions.defaults
        options.waitForReady = true
        options.maxRequestMessageBytes = 17 << 20
        try await link.call { [options] client in
            try await client.watch(options: options) { writer in
                try await self.send(packets, startingWith: stream, to: writer)
            } onResponse: { response in
                for try await reply in response.messages { try self.receive(reply) }
            }
        }
    }

    private static func firstStream(of packets: PacketSubscription) async -> StreamDescription? {
        for await item in packets {
            if case .stream(let stream) = item { return stream }
        }
        return nil
    }

    private func send(
        _ packets: PacketSubscription, startingWith stream: StreamDescription,
        to writer: RPCWriter<Guardian_V1_WatchRequest>
    ) async throws {
        try await begin(stream, writer)
        var selection = PacketSelection()
        while let items = await packets.nextBatch() {
            var chosen: [Packet] = []
            for item in items {
                switch item {
                case .packet(let packet):
                    let attention = progress.withLock { progress in
                        progress.arrivals.note(packet)
                        return progress.attention
                    }
                    chosen += selection.select(packet, attention: attention)
                    if packet.isKeyframe {
                        let interval = selection.gop
                        progress.withLock { $0.evidence.keyframeInterval = interval }
                    }
                case .stream(let stream):
                    try await post(chosen, writer)
                    chosen = []
                    selection = PacketSelection()
                    try await begin(stream, writer)
                case .lost:
                    continue
                }
            }
            try await post(chosen, writer)
        }
        // A call that the service has ended is cancelled: then the packets have not ended.
        if !Task.isCancelled { progress.withLock { $0.hasEnded = true } }
    }

    private func begin(_ stream: StreamDescription, _ writer: RPCWriter<Guardian_V1_WatchRequest>) async throws {
        guard let description = Guardian_V1_VideoStream(stream) else {
            throw GuardianError(
                .failedPrecondition, "The camera sends \(stream.codec.name); only H.264 and H.265 can be watched.")
        }
        try await writer.write(
            .with {
                $0.start.camera = camera.id.description
                $0.start.stream = description
                $0.start.rate = rate
                $0.start.pictures = pictures
            })
    }

    private func post(_ packets: [Packet], _ writer: RPCWriter<Guardian_V1_WatchRequest>) async throws {
        for message in Guardian_V1_VideoPackets.messages(packets) {
            try await writer.write(.with { $0.packets = message })
        }
    }

    private func receive(_ reply: Guardian_V1_WatchReply) throws {
        let attention = Attention(reply.attention)
        let observations = try reply.checkedObservations().map { observation in
            let arrival = try progress.withLock { progress in
                guard progress.arrivals.covers(observation.mediaTime) else {
                    throw GuardianError(
                        .invalidArgument, "The AI service sent an observation of a time without packets.")
                }
                return progress.arrivals.arrival(of: observation.mediaTime) ?? clock.now()
            }
            return (observation, arrival)
        }
        let now = Occurrence(instant: monotonic.now(), time: clock.now())
        let isBack = progress.withLock { progress in
            progress.attention = attention
            if let last = observations.last { progress.lastLook = last.0.mediaTime }
            return !observations.isEmpty && progress.evidence.look(at: now)
        }
        if isBack { deliver(.watchBack) }
        for (observation, arrival) in observations { deliver(.observed(observation, arrival: arrival)) }
    }

    private func lose(_ error: GuardianError) {
        let (now, arrivals) = (monotonic.now(), arrivals())
        let (loss, lastLook) = progress.withLock { progress in
            (progress.evidence.fail(error.message, at: now, arrivals), progress.lastLook)
        }
        guard let loss else { return }
        logger.warning("camera is not being analysed", metadata: ["reason": "\(loss.reason)"])
        deliver(.watchLost(reason: loss.reason, since: loss.since, lastLook: lastLook))
    }
}

/// Arrival times of the newest packets by media time, because an observation has only a media time.
package struct ArrivalLog {
    private static let capacity = 1024
    /// How much older than the log an observation may be: the packets of a long GOP may come at once.
    private static let patience = Duration.seconds(600)
    /// How much newer than the log an observation may be: decoders guess a frame's missing time.
    private static let tolerance = Duration.seconds(1)
    private var entries: [(mediaTime: MediaTime, arrival: Timestamp)] = []

    package init() {}

    package mutating func note(_ packet: Packet) {
        guard packet.kind == .video else { return }
        entries.append((packet.mediaTime, packet.arrival))
        if entries.count > Self.capacity { entries.removeFirst(Self.capacity / 2) }
    }

    /// Returns whether a frame can have this media time, because packets of that time were sent. A later one would keep an
    /// event and its clip open for as long as the AI service likes.
    package func covers(_ mediaTime: MediaTime) -> Bool {
        guard let oldest = entries.map(\.mediaTime).min(), let newest = entries.map(\.mediaTime).max() else {
            return false
        }
        return (oldest - Self.patience...newest + Self.tolerance).contains(mediaTime)
    }

    /// Returns the arrival of the packet with this media time; `nil` for one older than the log.
    package func arrival(of mediaTime: MediaTime) -> Timestamp? {
        entries.last { $0.mediaTime == mediaTime }?.arrival
    }
}
