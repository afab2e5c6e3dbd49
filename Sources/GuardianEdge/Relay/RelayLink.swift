import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianHTTP
import GuardianOperations
import GuardianWire
import Logging
import ServiceLifecycle
import Synchronization

/// Listens for the node's requests for recordings, while an owner allows them, over a connection that it keeps to the node: neither
/// entries nor sealed clips wait behind what somebody watches.
package final class RelayLink: Service {
    static let component = "relay to the node"

    private typealias Client = Guardian_V1_ControlService.Client<HTTP2ClientTransport.Posix>

    /// Answers at a time; more are refused.
    private static let limit = 16
    /// A failure that lasts so long is told to the owner.
    private static let patience: Duration = .seconds(60)
    private static let backoff = Backoff(base: .seconds(1), limit: .seconds(60))

    private let node: NodeTarget
    private let settings: EdgeSettingsStore
    private let answers: RelayAnswers
    private let monotonic: any MonotonicClock
    private let logger: Logger
    /// Rises when the node has shown its certificate.
    private let welcomes = Watermark(0)
    private let failing = Mutex<(since: ContinuousClock.Instant, reason: String)?>(nil)

    package init(
        _ node: NodeTarget, settings: EdgeSettingsStore, answers: RelayAnswers,
        monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) {
        self.node = node
        self.settings = settings
        self.answers = answers
        self.monotonic = monotonic
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var failures = 0
            while !Task.isCancelled {
                let welcomed = self.welcomes.value
                do {
                    if !self.settings.allowsRelay { self.failing.withLock { $0 = nil } }
                    try await self.settings.untilRelay(isAllowed: true)
                    try await NodeClient.run(self.node, logger: self.logger) { client in
                        try await self.serve(Client(wrapping: client))
                    }
                    failures = 0
                    // Another one of this recorder's streams took its place, or an owner forbade it: not again at once.
                    try await self.monotonic.sleep(for: .seconds(1))
                } catch {
                    if Task.isCancelled { return }
                    failures = self.welcomes.value > welcomed ? 1 : failures + 1
                    let reason = self.node.failure(error)
                    self.failing.withLock { $0 = ($0?.since ?? self.monotonic.now(), reason.message) }
                    if failures == 1 {
                        self.logger.warning(
                            "waiting for the node's requests failed, retrying", metadata: ["reason": "\(reason)"])
                    }
                    try? await self.monotonic.sleep(for: Self.backoff.delay(after: failures))
                }
            }
        }
    }

    /// Answers requests until the node ends the stream, or the owner no longer allows them.
    private func serve(_ client: Client) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await self.settings.untilRelay(isAllowed: false) }
            group.addTask { try await self.listen(client) }
            try await group.next()
        }
    }

    private func listen(_ client: Client) async throws {
        let (refusals, reporter) = AsyncStream.makeStream(
            of: Guardian_V1_RelayRefusal.self, bufferingPolicy: .bufferingOldest(64))
        try await BoundedRun.nodeCall(logger: logger) { [self] in
            try await client.connect { writer in
                try await writer.write(.with { $0.hello = .init() })
                for await refusal in refusals { try await writer.write(.with { $0.refusal = refusal }) }
            } onResponse: { response in
                defer { reporter.finish() }
                try await self.answer(response.messages, over: client, refusing: reporter)
            }
        }
    }

    /// Answers requests, several at a time, until there are no more.
    private func answer(
        _ orders: RPCAsyncSequence<Guardian_V1_ControlOrder, any Error>, over client: Client,
        refusing reporter: AsyncStream<Guardian_V1_RelayRefusal>.Continuation
    ) async throws {
        var verifier: GrantVerifier?
        let (begun, ended) = (Watermark(0), Watermark(0))
        try await withThrowingDiscardingTaskGroup { group in
            for try await order in orders {
                switch order.kind {
                case .welcome(let welcome): verifier = try await take(welcome)
                case .request(let request):
                    guard let verifier else { throw Self.early }
                    guard let grant = answers.grant(of: request, verifier) else { continue }
                    guard begun.value - ended.value < Self.limit else {
                        reporter.yield(Guardian_V1_RelayRefusal(grant, Self.busy))
                        continue
                    }
                    begun.increment()
                    group.addTask { [self] in
                        defer { ended.increment() }
                        do {
                            try await BoundedRun.nodeCall(logger: logger) {
                                try await self.answers.send(grant, request, over: client)
                            }
                        } catch {
                            reporter.yield(Guardian_V1_RelayRefusal(grant, error))
                        }
                    }
                case nil: break
                }
            }
            group.cancelAll()
        }
    }

    private func take(_ welcome: Guardian_V1_ControlWelcome) async throws -> GrantVerifier {
        let verifier = try await GrantVerifier(
            certificatePEM: welcome.certificate, authorityPEM: try node.credentials.authorityPEM(), host: node.host)
        failing.withLock { $0 = nil }
        welcomes.increment()
        logger.info("recordings can be watched from the node")
        return verifier
    }

    /// That the node cannot ask, although an owner allows it.
    package var problems: [FindingView] {
        guard settings.allowsRelay, let (since, reason) = failing.withLock({ $0 }),
            monotonic.elapsed(since: since) >= Self.patience
        else { return [] }
        return [
            FindingView(
                what: "Recordings cannot be watched from the node: \(reason)", where: "node", severity: .warning,
                remedy: "It is tried again by itself. A node of an older version cannot pass recordings on: upgrade it."
            )
        ]
    }

    private static var early: GuardianError {
        GuardianError(.failedPrecondition, "The node asked before it showed its certificate.")
    }

    private static var busy: GuardianError {
        GuardianError(.resourceExhausted, "The recorder is sending as much as it can; try again in a moment.")
    }
}

extension Guardian_V1_RelayRefusal {
    fileprivate init(_ grant: RelayGrant, _ error: any Error) {
        let error = GuardianError.wrap(error, "The recorder could not send it.")
        self.init()
        request = Data(grant.request.bytes)
        code = error.code.rawValue
        message = PeerText.bounded(error.message)
    }
}
