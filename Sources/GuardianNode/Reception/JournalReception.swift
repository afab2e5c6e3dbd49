import GRPCCore
import GuardianCore
import GuardianJournal
import GuardianOperations
import GuardianWire
import Logging
import ServiceLifecycle

/// Receives edges' journals: `JournalService` of `proto/guardian/v1/journal.proto`.
struct JournalReception: Guardian_V1_JournalService.SimpleServiceProtocol {
    let tenants: Tenants
    let metrics: ReceptionMetrics
    let logger: Logger
    /// How long a new stream may take to send its hello.
    let helloTimeout: Duration
    var monotonic: any MonotonicClock = SystemMonotonicClock()

    func publish(
        request: RPCAsyncSequence<Guardian_V1_PublishRequest, any Error>,
        response: RPCWriter<Guardian_V1_PublishReply>,
        context: ServerContext
    ) async throws {
        let device = try DeviceCertificate.identity(of: context)
        let hellos = Watermark(0)
        let presence = EdgePresence()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await receive(request, response, from: device, presence) { hellos.advance(to: 1) }
                return true
            }
            group.addTask {
                try await presence.untilSilent(
                    device.fingerprint, stream: "journal", monotonic: monotonic, logger: logger)
                return false
            }
            group.addTask {
                try await monotonic.sleep(for: helloTimeout)
                guard hellos.value > 0 else {
                    throw GuardianError(.deadlineExceeded, "The edge sent no hello in time.")
                }
                return false
            }
            while let ended = try await group.next() { if ended { break } }
            group.cancelAll()
        }
    }

    private func receive(
        _ request: RPCAsyncSequence<Guardian_V1_PublishRequest, any Error>,
        _ response: RPCWriter<Guardian_V1_PublishReply>,
        from device: DeviceIdentity, _ presence: EdgePresence, onHello: @Sendable () -> Void
    ) async throws {
        let fingerprint = device.fingerprint
        let scope = try tenants.scope(of: device)
        // The stream stays open; it must not delay the server's shutdown.
        var requests = request.cancelOnGracefulShutdown().makeAsyncIterator()
        guard let first = try await requests.next() else { return }
        guard case .hello(let hello) = first.kind else {
            throw GuardianError(.failedPrecondition, "The first message of a stream must be a hello.")
        }
        onHello()
        let key = try Self.key(of: hello, fingerprint: fingerprint)
        let chains = try await scope.cache.recordHello(try hello.heads(), from: key)
        try await response.write(
            .with { reply in
                reply.welcome.chains = chains.map { Guardian_V1_ChainHead($0.head) }
                reply.welcome.holdings = chains.map { Guardian_V1_ChainHolding($0.holding) }
                reply.welcome.takesAlive = true
            })
        if hello.sendsAlive { presence.notePromise() }
        scope.tenant.connect(fingerprint)
        defer { scope.tenant.disconnect(fingerprint) }
        logger.info("edge connected", metadata: ["device": "\(fingerprint)"])
        let (stored, storing) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await verifyLinks(of: key, in: scope.cache, whenever: stored) }
            defer { storing.finish() }
            while let request = try await requests.next() {
                presence.noteMessage()
                // The node's own work is not the edge's silence.
                defer { presence.noteMessage() }
                if case .alive = request.kind { continue }
                guard case .entries(let batch) = request.kind else {
                    throw GuardianError(.invalidArgument, "Only entries may follow the hello.")
                }
                let entries = try batch.journalEntries()
                let verdicts = try await scope.cache.accept(entries, from: key)
                record(verdicts, of: entries)
                try await response.write(
                    .with { $0.answers.answers = zip(entries, verdicts).map(Guardian_V1_Answer.init) })
                storing.yield()
            }
        }
    }

    /// Verifies links while entries arrive: after an outage the newest entries come first, and a long chain can be
    /// verified only once its beginning has arrived.
    private func verifyLinks(
        of key: DevicePublicKey, in cache: EventCache, whenever stored: AsyncStream<Void>
    ) async throws {
        for await _ in stored { while try await cache.verifyMore(of: key) {} }
        // The stream has ended, perhaps by cancellation; verify what is stored all the same.
        while try await cache.verifyMore(of: key) {}
    }

    private func record(_ verdicts: [Verdict], of entries: [JournalEntry]) {
        metrics.count(verdicts)
        for (entry, verdict) in zip(entries, verdicts) {
            guard case .refused(let kind, let reason) = verdict else { continue }
            logger.warning(
                "entry rejected",
                metadata: [
                    "chain": "\(entry.chain)", "sequence": "\(entry.sequence)", "kind": "\(kind.rawValue)",
                    "reason": "\(reason)",
                ])
        }
    }

    private static func key(of hello: Guardian_V1_PublishHello, fingerprint: Hash256) throws -> DevicePublicKey {
        guard let key = DevicePublicKey(bytes: Array(hello.deviceKey)) else {
            throw GuardianError(.invalidArgument, "The hello holds no Ed25519 public key.")
        }
        guard key.fingerprint == fingerprint else {
            throw GuardianError(
                .permissionDenied, "The certificate is for another device key; ask for a certificate for this one.")
        }
        return key
    }
}
