import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianJournal
import GuardianOperations
import GuardianWire
import Logging

/// One connection of the delivery: hello and welcome, then entries to the node and its answers, until either side ends.
final class DeliverySession: Sendable {
    private let journal: Journal
    private let settings: DeliverySettings
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let metrics: DeliveryMetrics
    private let board: DeliveryBoard
    private let logger: Logger
    /// Above 0 once the edge is shutting down.
    private let ending: Watermark
    private let unanswered = UnansweredEntries()
    /// Above 0 once the node has sent its welcome.
    private let greeted = Watermark(0)
    private let answered = Watermark(0)
    /// Whether the node takes signs of life: above 0.
    private let takesAlive = Watermark(0)
    /// Rises when a sign of life is due.
    private let pulse = Watermark(0)
    /// What the node lacks although it acknowledged it; one value, and its end.
    private let lost: AsyncStream<[ChainHolding]>
    private let reporter: AsyncStream<[ChainHolding]>.Continuation
    /// Wakes the sending task; holds at most one signal.
    private let wakeUps: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    init(
        journal: Journal, settings: DeliverySettings, clock: any WallClock, monotonic: any MonotonicClock,
        metrics: DeliveryMetrics, board: DeliveryBoard, logger: Logger, ending: Watermark
    ) {
        self.journal = journal
        self.settings = settings
        self.clock = clock
        self.monotonic = monotonic
        self.metrics = metrics
        self.board = board
        self.logger = logger
        self.ending = ending
        (lost, reporter) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (wakeUps, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    private var wasGreeted: Bool { greeted.value > 0 }

    /// Returns whether the node answered an entry, or stayed connected with none to answer. A node that welcomes the edge and
    /// then accepts nothing (its disk is full) must not be reconnected at once.
    func wasUseful(since began: ContinuousClock.Instant) -> Bool {
        answered.value > 0 || (wasGreeted && unanswered.count == 0 && monotonic.elapsed(since: began) > .seconds(5))
    }

    /// Publishes until the stream ends.
    ///
    /// - Throws: why it ended, unless the edge is ending and everything was delivered.
    func run(over client: Guardian_V1_JournalService.Client<HTTP2ClientTransport.Posix>) async throws {
        let hello = try await hello()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await client.publish { writer in
                    try await self.send(hello, to: writer)
                } onResponse: { response in
                    for try await reply in response.messages { try await self.receive(reply) }
                }
                return true
            }
            group.addTask { try await self.wakeOnAppend() }
            group.addTask { try await self.wakeOnEnd() }
            group.addTask { try await self.returnLost() }
            group.addTask { try await self.watch() }
            group.addTask { try await self.keepPulse() }
            while let done = try await group.next() { if done { break } }
            group.cancelAll()
        }
    }

    /// Returns unanswered entries to the outbox, with one more attempt counted.
    func returnUnanswered() async {
        do { try await journal.outbox.returned(unanswered.positions) } catch {
            logger.warning("returning entries to the outbox failed", metadata: ["reason": "\(error)"])
        }
    }

    private func hello() async throws -> Guardian_V1_PublishRequest {
        let heads = try await journal.heads(limit: WireLimits.chains)
        return .with { request in
            request.hello.deviceKey = Data(journal.deviceKey.bytes)
            request.hello.sendsAlive = true
            request.hello.chains = heads.map { head in
                .with { wire in
                    wire.chain = head.chain.description
                    wire.sequence = UInt64(head.sequence)
                    wire.hash = Data(head.hash?.bytes ?? [])
                }
            }
        }
    }

    // MARK: Sending

    private func send(_ hello: Guardian_V1_PublishRequest, to writer: RPCWriter<Guardian_V1_PublishRequest>)
        async throws
    {
        try await writer.write(hello)
        try await greeted.wait(beyond: 0)
        var wakeUps = wakeUps.makeAsyncIterator()
        var beats: Int64 = 0
        while true {
            let room = settings.window - unanswered.count
            let items =
                room > 0
                ? try await journal.outbox.next(
                    min(room, settings.batch), excluding: unanswered.positions, bytes: WireLimits.payloads) : []
            metrics.waiting.set(Double(journal.outbox.waiting))
            if !items.isEmpty {
                unanswered.add(items, at: monotonic.now())
                try await writer.write(.with { $0.entries.entries = items.map(Guardian_V1_SignedEntry.init) })
            } else if ending.value > 0, unanswered.count == 0 {
                return
            } else if pulse.value > beats {
                // Whatever was sent meanwhile was a sign as well.
                beats = pulse.value
                try await writer.write(.with { $0.alive = .init() })
            } else {
                guard await wakeUps.next() != nil else { throw CancellationError() }
            }
        }
    }

    private func wakeOnAppend() async throws -> Bool {
        var seen: Int64 = 0
        while true {
            waker.yield()
            seen = max(seen, journal.outbox.appended.value)
            try await journal.outbox.appended.wait(beyond: seen)
        }
    }

    /// Returns to the outbox what the node has lost. It takes a while for a long journal, and must not hold up new entries.
    private func returnLost() async throws -> Bool {
        for await holdings in lost {
            for holding in holdings {
                var last: Int64?
                while let next = try await journal.outbox.returnLost(of: holding, below: last) {
                    last = next
                    waker.yield()
                }
            }
        }
        return false
    }

    private func wakeOnEnd() async throws -> Bool {
        try await ending.wait(beyond: 0)
        waker.yield()
        return false
    }

    /// Says to the node every few seconds that the edge is there.
    private func keepPulse() async throws -> Bool {
        try await takesAlive.wait(beyond: 0)
        while true {
            try await monotonic.sleep(for: WireLimits.aliveInterval)
            pulse.increment()
            waker.yield()
        }
    }

    /// Ends the session when the node does not send its welcome or an answer in time.
    private func watch() async throws -> Bool {
        let began = monotonic.now()
        while true {
            try await monotonic.sleep(for: min(settings.deadline / 4, .seconds(1)))
            let waitingSince = wasGreeted ? unanswered.oldest : began
            if let waitingSince, monotonic.elapsed(since: waitingSince) > settings.deadline {
                throw GuardianError(.deadlineExceeded, "The node did not answer in time.")
            }
        }
    }

    // MARK: Receiving

    private func receive(_ reply: Guardian_V1_PublishReply) async throws {
        switch reply.kind {
        case .welcome(let welcome): try await receive(welcome)
        case .answers(let answers): try await receive(answers)
        case nil: break
        }
    }

    private func receive(_ welcome: Guardian_V1_PublishWelcome) async throws {
        for head in welcome.chains {
            if let problem = try await contradiction(of: head) {
                logger.error("journal contradicts the node, new chain begins", metadata: ["reason": "\(problem)"])
                let before = ChainHead(
                    chain: journal.chain, sequence: Int64(clamping: head.sequence), hash: Hash256(bytes: head.hash))
                try await journal.beginChain(ChainBeginning(reason: .restored, before: before), at: clock.now())
                break
            }
        }
        try await reportLost(welcome.holdings)
        if welcome.takesAlive { takesAlive.advance(to: 1) }
        board.connected()
        metrics.connected.set(1)
        metrics.connections.increment()
        logger.info("node connected", metadata: ["waiting": "\(journal.outbox.waiting)"])
        greeted.advance(to: 1)
    }

    private func reportLost(_ holdings: [Guardian_V1_ChainHolding]) async throws {
        var lost: [ChainHolding] = []
        for holding in holdings.prefix(WireLimits.chains).compactMap(ChainHolding.init) {
            let missing = try await journal.outbox.lost(by: holding)
            guard missing > 0 else { continue }
            logger.warning(
                "node lacks entries that were delivered, sending them again",
                metadata: ["chain": "\(holding.chain)", "entries": "\(missing)"])
            lost.append(holding)
        }
        reporter.yield(lost)
        reporter.finish()
    }

    /// Returns the contradiction when the node has an entry of the current chain that this journal does not have: the journal
    /// was restored from a backup, or lost its end. To continue that chain would sign two different entries with one sequence.
    private func contradiction(of head: Guardian_V1_ChainHead) async throws -> String? {
        guard head.chain == journal.chain.description, head.sequence > 0,
            let sequence = Plausible.sequence.checked(head.sequence)
        else { return nil }
        guard let own = try await journal.entry(sequence, of: journal.chain) else {
            return "The node has entry \(sequence) of this chain, this recorder does not: a new chain begins."
        }
        guard own.hash.bytes == Array(head.hash) else {
            return "The node has a different entry \(sequence) of this chain: a new chain begins."
        }
        return nil
    }

    private func receive(_ answers: Guardian_V1_Answers) async throws {
        let now = monotonic.now()
        var acknowledged: [OutboxItem] = []
        var refused: [(item: OutboxItem, reason: String)] = []
        for answer in answers.answers {
            guard let sequence = Plausible.sequence.checked(answer.sequence) else { continue }
            let key = UnansweredEntries.Key(chain: answer.chain, sequence: sequence)
            guard let (item, sentAt) = unanswered.takeAnswered(key) else { continue }
            metrics.answering.observe(sentAt.duration(to: now) / .seconds(1))
            if answer.refusal.isEmpty {
                acknowledged.append(item)
            } else {
                refused.append((item, PeerText.bounded(answer.refusal)))
            }
        }
        let time = clock.now()
        try await journal.outbox.acknowledge(acknowledged, at: time)
        try await journal.outbox.refuse(refused, at: time)
        for (item, reason) in refused {
            logger.error(
                "node rejected an entry",
                metadata: ["sequence": "\(item.entry.sequence)", "reason": "\(reason)"])
        }
        unanswered.release(acknowledged + refused.map(\.item))
        answered.advance(to: 1)
        metrics.acknowledged.increment(by: acknowledged.count)
        metrics.refused.increment(by: refused.count)
        metrics.waiting.set(Double(journal.outbox.waiting))
        board.answered(acknowledged: acknowledged.count, refused: refused.count, at: time)
        waker.yield()
    }
}

extension Guardian_V1_SignedEntry {
    fileprivate init(_ item: OutboxItem) {
        self.init()
        chain = item.entry.chain.description
        sequence = UInt64(item.entry.sequence)
        payload = Data(item.entry.payload)
        signature = Data(item.entry.signature)
    }
}
