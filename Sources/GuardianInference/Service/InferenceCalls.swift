import GRPCCore
import GuardianCore
import GuardianMedia
import GuardianVision
import GuardianWatch
import GuardianWire
import Logging

/// The server side of `InferenceService`.
struct InferenceCalls: Guardian_V1_InferenceService.SimpleServiceProtocol {
    let models: ModelLoader
    let statistics: LookStatistics
    let watches = WatchedCameras()
    let renderer = SnapshotRenderer()
    let logger: Logger

    func watch(
        request: RPCAsyncSequence<Guardian_V1_WatchRequest, any Error>,
        response: RPCWriter<Guardian_V1_WatchReply>, context: ServerContext
    ) async throws {
        var requests = request.makeAsyncIterator()
        guard let first = try await requests.next(), case .start(let start) = first.kind else {
            throw GuardianError(.invalidArgument, "A watch must start with the stream's description.")
        }
        let detector = try models.detector()
        let order = try WatchOrder(start)
        let views = watches.begin(order.camera, keepsPictures: order.keepsPictures, statistics)
        defer { watches.end(order.camera, views, statistics) }
        var session = WatchSession(
            stream: order.stream, detector: detector, settings: order.settings, views: views, statistics: statistics)
        defer { session.finish() }
        let firstSession = session
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await Self.forward(firstSession.replies, to: response) }
            while let request = try await requests.next() {
                switch request.kind {
                case .packets(let packets):
                    session.put(try packets.checked())
                case .start(let start):
                    // The camera's stream changed: start a new session; packets in the
                    // old one's queue are still processed.
                    session.finish()
                    session = WatchSession(
                        stream: try StreamDescription(start.stream), detector: detector, settings: order.settings,
                        views: views, statistics: statistics)
                    let nextSession = session
                    group.addTask { try await Self.forward(nextSession.replies, to: response) }
                case nil:
                    throw GuardianError(.invalidArgument, "A watch needs a stream's description or packets.")
                }
            }
            session.finish()
            try await group.waitForAll()
        }
    }

    private static func forward(
        _ replies: AsyncThrowingStream<Guardian_V1_WatchReply, any Error>,
        to response: RPCWriter<Guardian_V1_WatchReply>
    ) async throws {
        for try await reply in replies { try await response.write(reply) }
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
            $0.mediaTime = picture.mediaTime
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
