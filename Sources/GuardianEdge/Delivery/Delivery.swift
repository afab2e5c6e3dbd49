import GRPCCore
import GuardianCore
import GuardianJournal
import GuardianOperations
import GuardianWire
import Logging
import ServiceLifecycle
import Synchronization

/// Delivers the outbox to the node over one gRPC stream, newest entries first. Entries leave the outbox when the node has
/// acknowledged them. Reconnects for as long as the edge runs.
public final class Delivery: Service {
    private let journal: Journal
    private let settings: DeliverySettings
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let metrics: DeliveryMetrics
    private let logger: Logger
    private let board: DeliveryBoard

    public init(
        journal: Journal, settings: DeliverySettings, metrics: MetricsRegistry, logger: Logger,
        clock: any WallClock = SystemClock(), monotonic: any MonotonicClock = SystemMonotonicClock()
    ) {
        self.journal = journal
        self.settings = settings
        self.clock = clock
        self.monotonic = monotonic
        self.metrics = DeliveryMetrics(metrics)
        self.logger = logger
        board = DeliveryBoard(clock: clock, monotonic: monotonic)
    }

    /// State of the delivery now.
    public var state: DeliveryState { board.value }

    /// The time since the node last welcomed the edge or acknowledged an entry; before that, since the start.
    package var age: Duration { board.age }

    /// Rises each time the node has answered a connection with its welcome.
    public var welcomes: Watermark { board.welcomes }

    /// Runs until it is cancelled. After a graceful shutdown it goes on delivering the outbox for at most
    /// `DeliverySettings.drain`.
    public func run() async throws {
        let ending = Watermark(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.keepConnecting(until: ending) }
            group.addTask {
                try? await gracefulShutdown()
                ending.advance(to: 1)
                // Cancellation ends at once; a graceful shutdown gives the outbox time to drain.
                try await self.monotonic.sleep(for: self.settings.drain)
            }
            try await group.next()
            group.cancelAll()
        }
        board.disconnected("The edge is shutting down.")
        metrics.connected.set(0)
    }

    private func keepConnecting(until ending: Watermark) async {
        var failures = 0
        while !Task.isCancelled, ending.value == 0 {
            let session = DeliverySession(
                journal: journal, settings: settings, clock: clock, monotonic: monotonic, metrics: metrics,
                board: board, logger: logger, ending: ending)
            let began = monotonic.now()
            do {
                try await connect(session)
                if ending.value > 0 { return }
                failures = 1
                board.disconnected("The node closed the stream.")
            } catch {
                if Task.isCancelled { return }
                failures = session.wasUseful(since: began) ? 1 : failures + 1
                let failure = settings.node.failure(error)
                if failures == 1 {
                    logger.warning("node unreachable", metadata: ["reason": "\(failure)"])
                }
                board.disconnected(failure.message)
            }
            metrics.connected.set(0)
            await session.returnUnanswered()
            let wait = settings.backoff.delay(after: failures)
            // The delay ends early when the edge shuts down.
            try? await ending.wait(beyond: 0, atMost: wait, monotonic: monotonic)
        }
    }

    private func connect(_ session: DeliverySession) async throws {
        try await NodeClient.run(settings.node, logger: logger) { client in
            try await session.run(over: Guardian_V1_JournalService.Client(wrapping: client))
        }
    }
}
