import GRPCCore
import GuardianCore
import GuardianOperations
import GuardianWire
import Logging
import NIOCore

/// Lets edges listen for requests and answer them: `ControlService` of `proto/guardian/v1/control.proto`.
struct ControlReception: Guardian_V1_ControlService.SimpleServiceProtocol {
    let tenants: Tenants
    /// `nil`: the node's certificate cannot sign grants.
    let signer: GrantSigner?
    let metrics: RelayMetrics
    let logger: Logger
    /// How long an answer may stand still, because of the edge or of whoever asked.
    var patience: Duration = .seconds(60)
    var clock: any WallClock = SystemClock()
    var monotonic: any MonotonicClock = SystemMonotonicClock()

    /// Most bytes of one message.
    private static let piece = 262_144

    func connect(
        request: RPCAsyncSequence<Guardian_V1_ControlReport, any Error>,
        response: RPCWriter<Guardian_V1_ControlOrder>, context: ServerContext
    ) async throws {
        let (device, tenant) = try place(of: context)
        guard let signer else { throw GuardianError.noGrants }
        try await response.write(.with { $0.welcome.certificate = signer.certificatePEM })
        let controls = tenant.controls
        let (number, orders) = controls.connect(device)
        defer { if controls.disconnect(device, number: number) { tenant.cameras.lose(device, at: clock.now()) } }
        logger.info("edge passes recordings on", metadata: ["device": "\(device)"])
        let presence = EdgePresence()
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                for await order in orders { try await response.write(.with { $0.request = order }) }
            }
            group.addTask {
                try await presence.untilSilent(device, stream: "control", monotonic: monotonic, logger: logger)
            }
            group.addTask {
                // The stream stays open; it must not delay the server's shutdown.
                for try await report in request.cancelOnGracefulShutdown() {
                    presence.noteMessage()
                    switch report.kind {
                    case .refusal(let refusal):
                        guard let id = RelayGrant.RequestID(refusal.request) else { continue }
                        controls.exchange(id, of: device)?.settle(.failure(GuardianError(refusal)))
                    case .cameras(let cameras):
                        let reports = try cameras.reports()
                        guard controls.isNewest(device, number: number) else { return }
                        tenant.cameras.update(reports, of: device)
                    case .hello(let hello): if hello.sendsAlive { presence.notePromise() }
                    case .alive, nil: continue
                    }
                }
            }
            // A newer stream of this edge ends the first, its silence the second, the edge itself the third.
            try await group.next()
        }
    }

    func answer(
        request: RPCAsyncSequence<Guardian_V1_RelayAnswer, any Error>, context: ServerContext
    ) async throws -> Guardian_V1_RelayAnswerEnd {
        let (device, tenant) = try place(of: context)
        let moved = Watermark(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await pass(request, to: tenant.controls, of: device, moved: moved) }
            group.addTask {
                try await moved.waitUntilStill(for: patience, monotonic: monotonic)
                throw GuardianError(.deadlineExceeded, "The answer stood still for too long.")
            }
            try await group.next()
        }
        return Guardian_V1_RelayAnswerEnd()
    }

    /// Returns who calls, and whose it is.
    private func place(of context: ServerContext) throws -> (device: Hash256, tenant: Tenant) {
        let identity = try DeviceCertificate.identity(of: context)
        return (identity.fingerprint, try tenants.scope(of: identity).tenant)
    }

    /// Passes an answer on to whoever waits for it, as fast as they take it.
    ///
    /// - Throws: `cancelled` when nobody waits, `invalidArgument` for what is no answer, `CancellationError`.
    private func pass(
        _ messages: RPCAsyncSequence<Guardian_V1_RelayAnswer, any Error>, to controls: EdgeControls, of device: Hash256,
        moved: Watermark
    ) async throws {
        var (exchange, request): (RelayExchange?, RelayGrant.RequestID?) = (nil, nil)
        defer { if let request { controls.end(request) } }
        var rest: Int64 = 0
        for try await message in messages.cancelOnGracefulShutdown() {
            switch message.kind {
            case .head(let head):
                guard exchange == nil, let id = RelayGrant.RequestID(head.request),
                    let waiting = controls.exchange(id, of: device), waiting.claim()
                else { throw Self.unwanted }
                (exchange, request, rest) = (waiting, id, waiting.length)
                do { waiting.settle(.success(try RelayHead(head))) } catch {
                    waiting.settle(.failure(GuardianError(.dataLoss, "The recorder's answer cannot be read.")))
                    throw error
                }
            case .bytes(let bytes):
                guard let exchange, (1...Self.piece).contains(bytes.count), Int64(bytes.count) <= rest else {
                    throw Self.excess
                }
                rest -= Int64(bytes.count)
                metrics.bytes.increment(by: bytes.count)
                try await withTaskCancellationHandler {
                    try await exchange.pipe.send(ByteBuffer(bytes: bytes))
                } onCancel: {
                    exchange.pipe.close()
                }
            case .idle:
                guard let exchange, exchange.kind == .live else { throw Self.excess }
                guard !exchange.pipe.isClosed else { throw Self.unwanted }
            case nil: throw Self.excess
            }
            moved.increment()
        }
    }

    private static var unwanted: GuardianError { GuardianError(.cancelled, "Nobody waits for this answer.") }

    private static var excess: GuardianError {
        GuardianError(.invalidArgument, "The answer has more than was asked for, or a message that is none.")
    }
}

extension RelayHead {
    /// - Throws: `invalidArgument` for a head that no edge sends: it becomes header fields.
    init(_ head: Guardian_V1_RelayHead) throws {
        guard let size = Plausible.fileSize.checked(head.size), head.etag.utf8.count <= 200, head.etag.utf8.count > 2,
            head.etag.hasPrefix("\""), head.etag.hasSuffix("\""),
            head.etag.utf8.dropFirst().dropLast().allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x22 })
        else { throw GuardianError(.invalidArgument, "The answer's head cannot be read.") }
        self.init(size: size, etag: head.etag, isGrowing: head.growing)
    }
}

extension GuardianError {
    /// What an edge refuses: one of a few codes, so that nothing else of the edge's decides how the node answers.
    init(_ refusal: Guardian_V1_RelayRefusal) {
        let code: Code =
            switch Code(rawValue: refusal.code) {
            case .notFound: .notFound
            case .failedPrecondition: .failedPrecondition
            case .permissionDenied: .failedPrecondition
            case .resourceExhausted: .resourceExhausted
            default: .unavailable
            }
        self.init(code, PeerText.bounded(refusal.message))
    }
}
