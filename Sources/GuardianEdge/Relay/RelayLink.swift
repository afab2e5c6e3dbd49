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

    /// Answers of each kind at a time; more are refused. A node asks for fewer.
    private static let limits: [RelayGrant.Item.Kind: Int] = [.recording: 32, .picture: 32, .live: 64]
    /// For an answer that has ended for the node, and not yet for the edge: its call has to be concluded.
    private static let slotPatience: Duration = .seconds(5)
    /// For the node to hear that it has no cameras any more, after an owner forbade watching.
    private static let farewell: Duration = .milliseconds(300)
    /// How often it is looked whether the cameras have changed.
    private static let lookInterval: Duration = .seconds(2)
    /// After so many looks the cameras are told in any case, because of their figures.
    private static let looksUntilTold = 15
    /// A failure that lasts so long is told to the owner.
    private static let patience: Duration = .seconds(60)
    private static let backoff = Backoff(base: .seconds(1), limit: .seconds(60))

    private let node: NodeTarget
    private let settings: EdgeSettingsStore
    private let answers: RelayAnswers
    /// The cameras now.
    private let cameras: @Sendable () async -> [CameraReport]
    private let monotonic: any MonotonicClock
    private let logger: Logger
    /// Rises when the node has shown its certificate.
    private let welcomes = Watermark(0)
    private let failing = Mutex<(since: ContinuousClock.Instant, reason: String)?>(nil)

    package init(
        _ node: NodeTarget, settings: EdgeSettingsStore, answers: RelayAnswers,
        cameras: @escaping @Sendable () async -> [CameraReport],
        monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) {
        self.node = node
        self.settings = settings
        self.answers = answers
        self.cameras = cameras
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
            group.addTask {
                try await self.settings.untilRelay(isAllowed: false)
                try await self.monotonic.sleep(for: Self.farewell)
            }
            group.addTask { try await self.listen(client) }
            try await group.next()
        }
    }

    private func listen(_ client: Client) async throws {
        let (reports, reporter) = AsyncStream.makeStream(
            of: Guardian_V1_ControlReport.self, bufferingPolicy: .bufferingOldest(64))
        try await BoundedRun.nodeCall(logger: logger) { [self] in
            try await client.connect { writer in
                try await writer.write(.with { $0.hello.sendsAlive = true })
                for await report in reports { try await writer.write(report) }
            } onResponse: { response in
                defer { reporter.finish() }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    defer { group.cancelAll() }
                    group.addTask { try await self.answer(response.messages, over: client, reporting: reporter) }
                    group.addTask { try await self.tellCameras(reporter) }
                    group.addTask { try await self.keepPulse(reporter) }
                    try await group.next()
                }
            }
        }
    }

    /// Tells the node of the cameras, at once and when something has changed.
    private func tellCameras(_ reporter: AsyncStream<Guardian_V1_ControlReport>.Continuation) async throws {
        var (told, looks): ([CameraReport]?, Int) = (nil, 0)
        while settings.allowsRelay {
            let now = Array(await cameras().prefix(CameraReport.limit))
            looks += 1
            let isAlike = told.map { $0.count == now.count && zip($0, now).allSatisfy { $0.isAlike($1) } } ?? false
            if !isAlike || looks >= Self.looksUntilTold,
                case .enqueued = reporter.yield(.with { $0.cameras = Guardian_V1_ControlCameras(now) })
            {
                (told, looks) = (now, 0)
            }
            try await forbidden(within: Self.lookInterval)
        }
        // The names are forgotten there.
        reporter.yield(.with { $0.cameras = Guardian_V1_ControlCameras([]) })
        reporter.finish()
        try await settings.untilRelay(isAllowed: true)
    }

    /// Says to the node every few seconds that the edge is there.
    private func keepPulse(_ reporter: AsyncStream<Guardian_V1_ControlReport>.Continuation) async throws {
        while true {
            try await monotonic.sleep(for: WireLimits.aliveInterval)
            reporter.yield(.with { $0.alive = .init() })
        }
    }

    /// Waits that long, or until an owner forbids watching.
    private func forbidden(within duration: Duration) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await self.monotonic.sleep(for: duration) }
            group.addTask { try await self.settings.untilRelay(isAllowed: false) }
            try await group.next()
        }
    }

    /// Answers requests, several at a time, until there are no more.
    private func answer(
        _ orders: RPCAsyncSequence<Guardian_V1_ControlOrder, any Error>, over client: Client,
        reporting reporter: AsyncStream<Guardian_V1_ControlReport>.Continuation
    ) async throws {
        var verifier: GrantVerifier?
        let slots = Self.limits.mapValues { AnswerSlots($0) }
        try await withThrowingDiscardingTaskGroup { group in
            for try await order in orders {
                switch order.kind {
                case .welcome(let welcome): verifier = try await take(welcome)
                case .request(let request):
                    guard let verifier else { throw Self.early }
                    guard let grant = answers.grant(of: request, verifier) else { continue }
                    guard let slots = slots[grant.item.kind], slots.join() else {
                        reporter.yield(.with { $0.refusal = Guardian_V1_RelayRefusal(grant, Self.busy) })
                        continue
                    }
                    group.addTask { [self] in
                        var isTaken = false
                        defer { slots.leave(taken: isTaken) }
                        do {
                            try await slots.take(within: Self.slotPatience, monotonic)
                            isTaken = true
                            try await BoundedRun.nodeCall(logger: logger) {
                                try await self.answers.send(grant, request, over: client)
                            }
                        } catch {
                            reporter.yield(.with { $0.refusal = Guardian_V1_RelayRefusal(grant, error) })
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

    fileprivate static var busy: GuardianError {
        GuardianError(.resourceExhausted, "The recorder is sending as much as it can; try again in a moment.")
    }
}

/// Counts the answers that are being sent, and those that wait for one of them to end.
private final class AnswerSlots: Sendable {
    private struct State {
        var joined = 0
        var taken = 0
    }

    private let limit: Int
    private let state = Mutex(State())
    /// Rises when an answer has ended.
    private let ended = Watermark(0)

    init(_ limit: Int) { self.limit = limit }

    /// Returns whether one more may be sent or wait: as many wait as are sent, at most. Whoever joins leaves.
    func join() -> Bool {
        state.withLock { state in
            guard state.joined < 2 * limit else { return false }
            state.joined += 1
            return true
        }
    }

    /// Waits until there is room to send one more.
    ///
    /// - Throws: `resourceExhausted` when there is none in that time; `CancellationError`.
    func take(within patience: Duration, _ monotonic: any MonotonicClock) async throws {
        let began = monotonic.now()
        while true {
            let seen = ended.value
            let isTaken = state.withLock { state in
                guard state.taken < limit else { return false }
                state.taken += 1
                return true
            }
            if isTaken { return }
            let left = patience - monotonic.elapsed(since: began)
            guard left > .zero else { throw RelayLink.busy }
            try await ended.wait(beyond: seen, atMost: left, monotonic: monotonic)
        }
    }

    /// - Parameter taken: whether it had taken its place.
    func leave(taken: Bool) {
        state.withLock { state in
            state.joined -= 1
            if taken { state.taken -= 1 }
        }
        ended.increment()
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
