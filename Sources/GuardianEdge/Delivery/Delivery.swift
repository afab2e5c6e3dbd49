import GRPCCore
import GuardianCore
import GuardianJournal
import GuardianOperations
import GuardianWire
import Logging
import ServiceLifecycle
import Synchronization

/// Brings the journal to the node: one stream, newest entries first, rows gone from the outbox when the node has them.
/// Connects again for as long as the edge runs.
public final class Delivery: Service {
    private let journal: Journal
    private let settings: DeliverySettings
    private let clock: any WallClock
    private let metrics: DeliveryMetrics
    private let logger: Logger
    private let board: DeliveryBoard

    public init(
        journal: Journal, settings: DeliverySettings, metrics: MetricsRegistry, logger: Logger,
        clock: any WallClock = SystemClock()
    ) {
        self.journal = journal
        self.settings = settings
        self.clock = clock
        self.metrics = DeliveryMetrics(metrics)
        self.logger = logger
        board = DeliveryBoard(clock: clock)
    }

    /// How it stands now.
    public var state: DeliveryState { board.value }

    /// Rises each time that the node has greeted.
    public var welcomes: Watermark { board.welcomes }

    /// Runs until it is cancelled, or told to end gracefully: then it drains what can be drained within
    /// `DeliverySettings.drain`.
    public func run() async throws {
        let ending = Watermark(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.connectAgainAndAgain(until: ending) }
            group.addTask {
                try? await gracefulShutdown()
                ending.advance(to: 1)
                // A cancelled group goes at once; a graceful end gives the outbox its time.
                try await Task.sleep(for: self.settings.drain)
            }
            try await group.next()
            group.cancelAll()
        }
        board.disconnected("The edge is ending.")
        metrics.connected.set(0)
    }

    private func connectAgainAndAgain(until ending: Watermark) async {
        var failures = 0
        while !Task.isCancelled, ending.value == 0 {
            let session = DeliverySession(
                journal: journal, settings: settings, clock: clock, metrics: metrics, board: board, logger: logger,
                ending: ending)
            let began = ContinuousClock.now
            do {
                try await connect(session)
                if ending.value > 0 { return }
                failures = 1
                board.disconnected("The node closed the stream.")
            } catch {
                if Task.isCancelled { return }
                failures = session.wasUseful(since: began) ? 1 : failures + 1
                let failure = GuardianError.call(error, "The node \(settings.host):\(settings.port)")
                if failures == 1 {
                    logger.warning("the node is away", metadata: ["reason": "\(failure)"])
                }
                board.disconnected(failure.message)
            }
            metrics.connected.set(0)
            await session.giveBack()
            let wait = settings.backoff.delay(after: failures)
            // Waiting ends early when the edge does.
            try? await ending.wait(beyond: 0, atMost: wait)
        }
    }

    private func connect(_ session: DeliverySession) async throws {
        try await NodeClient.run(
            host: settings.host, port: settings.port, credentials: settings.credentials, logger: logger
        ) { client in
            try await session.run(over: Guardian_V1_JournalService.Client(wrapping: client))
        }
    }
}
