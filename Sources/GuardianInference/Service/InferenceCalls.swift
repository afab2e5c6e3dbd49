import GRPCCore
import GuardianCore
import GuardianMedia
import GuardianOperations
import GuardianVision
import GuardianWatch
import GuardianWire
import Logging

/// The server side of `InferenceService`.
struct InferenceCalls: Guardian_V1_InferenceService.SimpleServiceProtocol {
    let models: ModelLoader
    let eyes: SightCheck
    let statistics: LookStatistics
    /// What confines this process.
    let confinement: Sandbox.Confinement
    let watches = WatchedCameras()
    let renderer = SnapshotRenderer()
    let logger: Logger

    func watch(
        request: RPCAsyncSequence<Guardian_V1_WatchRequest, any Error>,
        response: RPCWriter<Guardian_V1_WatchReply>, context: ServerContext
    ) async throws {
        let (sessions, continuation) = AsyncStream.makeStream(of: WatchSession.self)
        // The first failure ends both tasks: when a session's thread has failed, the edge goes on sending packets, and
        // must learn that nobody looks at them.
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await read(request, into: continuation) }
            group.addTask {
                for await session in sessions {
                    for try await reply in session.replies { try await response.write(reply) }
                }
            }
            while try await group.next() != nil {}
        }
    }

    /// Gives each packet to the session of its stream. A new description begins a new session; packets in the old one's
    /// queue are still processed.
    private func read(
        _ request: RPCAsyncSequence<Guardian_V1_WatchRequest, any Error>,
        into sessions: AsyncStream<WatchSession>.Continuation
    ) async throws {
        var requests = request.makeAsyncIterator()
        defer { sessions.finish() }
        guard let first = try await requests.next(), case .start(let start) = first.kind else {
            throw GuardianError(.invalidArgument, "A watch must start with the stream's description.")
        }
        let detector = try models.detector()
        let order = try WatchOrder(start)
        let views = watches.begin(order.camera, keepsPictures: order.keepsPictures, statistics)
        defer { watches.end(order.camera, views, statistics) }
        func begin(_ stream: StreamDescription) -> WatchSession {
            let session = WatchSession(
                stream: stream, detector: detector, settings: order.settings, views: views, statistics: statistics)
            sessions.yield(session)
            return session
        }
        var session = begin(order.stream)
        defer { session.finish() }
        while let request = try await requests.next() {
            switch request.kind {
            case .packets(let packets):
                session.put(try packets.checked())
            case .start(let start):
                session.finish()
                session = begin(try StreamDescription(start.stream))
            case nil:
                throw GuardianError(.invalidArgument, "A watch needs a stream's description or packets.")
            }
        }
    }

    func snapshot(
        request: RPCAsyncSequence<Guardian_V1_SnapshotRequest, any Error>, context: ServerContext
    ) async throws -> Guardian_V1_SnapshotReply {
        var requests = request.makeAsyncIterator()
        guard let first = try await requests.next(), case .start(let start) = first.kind else {
            throw GuardianError(.invalidArgument, "A snapshot must start with the stream's description.")
        }
        let order = try SnapshotOrder(start)
        var packets: [Packet] = []
        var bytes = 0
        while let request = try await requests.next() {
            guard case .packets(let more) = request.kind else {
                throw GuardianError(.invalidArgument, "After the description only packets may follow.")
            }
            for packet in try more.checked() {
                bytes += packet.byteCount
                packets.append(packet)
            }
            guard bytes <= SnapshotRenderer.limit, packets.count <= SnapshotRenderer.packetLimit else {
                throw GuardianError(
                    .resourceExhausted, "A snapshot request may contain at most 64 MiB and 20,000 packets.")
            }
        }
        let picture =
            if packets.isEmpty, let cached = watches.views(of: order.camera)?.frame(at: order.mediaTime) {
                try await renderer.render(cached, quality: order.quality)
            } else {
                try await renderer.render(packets, of: order.stream, at: order.mediaTime, quality: order.quality)
            }
        return .with {
            $0.jpeg = picture.jpeg
            $0.width = UInt32(picture.width)
            $0.height = UInt32(picture.height)
            $0.mediaTime = picture.mediaTime.milliseconds
        }
    }

    func models(request: Guardian_V1_ModelsRequest, context: ServerContext) async throws -> Guardian_V1_ModelsReply {
        let model = try models.detector().model
        return .with { $0.models = [Guardian_V1_Model(model)] }
    }

    func load(request: Guardian_V1_LoadRequest, context: ServerContext) async throws -> Guardian_V1_LoadReply {
        let model = try await models.load(named: request.name)
        return .with { $0.model = Guardian_V1_Model(model) }
    }

    func health(request: Guardian_V1_HealthRequest, context: ServerContext) async throws -> Guardian_V1_HealthReply {
        var reply = Guardian_V1_HealthReply()
        do {
            reply.model = Guardian_V1_Model(try models.detector().model)
            reply.ready = true
        } catch {
            reply.reason = GuardianError.wrap(error, "There is no model.").message
        }
        reply.watches = UInt32(clamping: statistics.watching)
        reply.queue = UInt32(clamping: statistics.queue)
        reply.looks = UInt64(statistics.detectionCount)
        reply.dropped = UInt64(statistics.droppedCount)
        reply.latencyP50 = statistics.lookQuantile(0.5)
        reply.latencyP99 = statistics.lookQuantile(0.99)
        let sight = eyes.sight
        reply.proof = sight.isProvable
        reply.proofAge = sight.age.map { UInt64(max(1, $0.milliseconds)) } ?? 0
        reply.proofFailure = sight.failure ?? ""
        reply.sandbox = confinement.description
        reply.exposition = statistics.registry.exposition()
        return reply
    }
}

extension Guardian_V1_Model {
    init(_ model: ModelDescription) {
        self.init()
        name = model.name
        sha256 = model.sha256.hex
        labels = model.labels
        serving = true
    }
}
