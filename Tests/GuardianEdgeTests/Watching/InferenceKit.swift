import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianEdge
import GuardianTestKit
import GuardianWire
import ServiceLifecycle
import Synchronization

/// An inference service in this process whose replies a test sets, on a Unix socket of its own.
final class InferenceKit: Guardian_V1_InferenceService.SimpleServiceProtocol {
    typealias WatchRequests = RPCAsyncSequence<Guardian_V1_WatchRequest, any Error>
    typealias WatchReplies = RPCWriter<Guardian_V1_WatchReply>

    struct Answers: Sendable {
        var health: @Sendable () async throws -> Guardian_V1_HealthReply = { .with { $0.ready = true } }
        var snapshot: @Sendable ([Guardian_V1_SnapshotRequest]) async throws -> Guardian_V1_SnapshotReply = { _ in
            throw RPCError(code: .unimplemented, message: "This test makes no pictures.")
        }
        /// The number counts the watches from 0.
        var watch: @Sendable (_ number: Int, WatchRequests, WatchReplies) async throws -> Void = { _, requests, _ in
            for try await _ in requests {}
        }
    }

    private struct Calls {
        var health = 0
        var snapshots: [[Guardian_V1_SnapshotRequest]] = []
        var watches = 0
    }

    let socket = "/tmp/guardian-ai-\(UUID().uuidString.prefix(8)).sock"
    private let answers = Mutex(Answers())
    private let calls = Mutex(Calls())

    deinit { unlink(socket) }

    func answer(_ change: @Sendable (inout Answers) -> Void) { answers.withLock { change(&$0) } }

    /// The number of health calls.
    var healthCalls: Int { calls.withLock { $0.health } }
    /// The request messages of each snapshot call.
    var snapshotCalls: [[Guardian_V1_SnapshotRequest]] { calls.withLock { $0.snapshots } }
    var watchCalls: Int { calls.withLock { $0.watches } }

    /// Returns a connection to the service that does not run yet.
    func link(
        clock: any WallClock = SystemClock(), monotonic: any MonotonicClock = SystemMonotonicClock(),
        patience: Duration = InferenceLink.patience, log: LogBook = LogBook()
    ) throws -> InferenceLink {
        InferenceLink(
            place: .socket(socket), clock: clock, monotonic: monotonic, patience: patience, logger: log.logger)
    }

    /// Runs the server while `body` runs.
    func serving<Result>(_ body: () async throws -> Result) async throws -> Result {
        var config = HTTP2ServerTransport.Posix.Config.defaults
        config.rpc.maxRequestPayloadSize = 17 << 20
        let server = GRPCServer(
            transport: HTTP2ServerTransport.Posix(
                address: .unixDomainSocket(path: socket), transportSecurity: .plaintext, config: config),
            services: [self])
        async let _: Void = server.serve()
        _ = try await server.listeningAddress
        return try await body()
    }

    func watch(request: WatchRequests, response: WatchReplies, context: ServerContext) async throws {
        let number = calls.withLock { calls in
            calls.watches += 1
            return calls.watches - 1
        }
        let answer = answers.withLock { $0.watch }
        try await answer(number, request, response)
    }

    func snapshot(
        request: RPCAsyncSequence<Guardian_V1_SnapshotRequest, any Error>, context: ServerContext
    ) async throws -> Guardian_V1_SnapshotReply {
        var requests: [Guardian_V1_SnapshotRequest] = []
        for try await message in request { requests.append(message) }
        let all = requests
        calls.withLock { $0.snapshots.append(all) }
        let answer = answers.withLock { $0.snapshot }
        return try await answer(all)
    }

    func health(request: Guardian_V1_HealthRequest, context: ServerContext) async throws -> Guardian_V1_HealthReply {
        calls.withLock { $0.health += 1 }
        let answer = answers.withLock { $0.health }
        return try await answer()
    }

    func models(request: Guardian_V1_ModelsRequest, context: ServerContext) async throws -> Guardian_V1_ModelsReply {
        Guardian_V1_ModelsReply()
    }

    func load(request: Guardian_V1_LoadRequest, context: ServerContext) async throws -> Guardian_V1_LoadReply {
        Guardian_V1_LoadReply()
    }
}

extension Guardian_V1_SnapshotReply {
    /// The first bytes of a JPEG and a byte that tells pictures apart. It cannot be decoded.
    static func picture(_ mark: UInt8 = 0, at mediaTime: Int64 = 0) -> Guardian_V1_SnapshotReply {
        .with {
            $0.jpeg = Data([0xFF, 0xD8, 0xFF, mark])
            $0.width = 320
            $0.height = 240
            $0.mediaTime = mediaTime
        }
    }
}

/// Runs a service while `body` runs.
func running<Result>(_ service: some Service, _ body: () async throws -> Result) async throws -> Result {
    async let _: Void = service.run()
    return try await body()
}
