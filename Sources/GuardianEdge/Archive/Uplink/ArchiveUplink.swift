import GuardianCore
import GuardianJournal
import GuardianOperations
import Synchronization

/// The archive's uplink to the node. All streams of sealed parts share it and keep its bandwidth plan together. Data that
/// has to wait stays on disk.
final class ArchiveUplink: Sendable {
    /// Read at each use: an owner may change it.
    private let plan: @Sendable () -> BandwidthPlan
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let metrics: UplinkMetrics
    let progress: ArchiveProgress
    private let scheduler = Mutex(UplinkScheduler())
    /// The congestion window that a part had last; the next part starts with it.
    private let window = Atomic<Int64>(64 << 10)
    /// Rises when another stream may have its turn.
    private let changes = Watermark(0)

    /// A waiting stream checks the bandwidth plan at least this often, because windows begin and end with the clock.
    private static let interval: Duration = .seconds(1)

    init(
        plan: @escaping @Sendable () -> BandwidthPlan, clock: any WallClock,
        monotonic: any MonotonicClock = SystemMonotonicClock(),
        metrics: MetricsRegistry
    ) {
        self.plan = plan
        self.clock = clock
        self.monotonic = monotonic
        self.metrics = UplinkMetrics(metrics)
        progress = ArchiveProgress(clock: clock, monotonic: monotonic)
        metrics.beforeExposition { [self] in
            let now = allowance
            self.metrics.limit.set(Double(now.limit ?? 0) * 8)
            self.metrics.backlogHeld.set(now.allowsBacklog ? 0 : 1)
            self.metrics.storedAge.set(progress.age / .seconds(1))
            self.metrics.waiting.set(scheduler.withLock { $0.hasWaitingStreams } ? 1 : 0)
        }
    }

    var allowance: UplinkAllowance { plan().allowance(at: clock.now()) }

    /// Adds a stream and returns its lane.
    func enter(_ urgency: UplinkScheduler.Urgency) -> UplinkLane {
        UplinkLane(uplink: self, id: scheduler.withLock { $0.enter(urgency) }, sent: metrics.sent[urgency])
    }

    /// Waits until the plan allows the backlog, or until it no longer does.
    ///
    /// - Parameter allowed: what to wait for.
    ///
    /// - Throws: `CancellationError`.
    func wait(untilBacklogIsAllowed allowed: Bool) async throws {
        while allowance.allowsBacklog != allowed { try await monotonic.sleep(for: Self.interval) }
    }

    /// One stream's place on the uplink, until it leaves.
    struct UplinkLane: Sendable {
        fileprivate let uplink: ArchiveUplink
        fileprivate let id: Int
        fileprivate let sent: Counter?

        /// Waits for the stream's turn to send `bytes`, no longer than `limit`.
        ///
        /// - Returns: `false` when the turn did not come within `limit`.
        /// - Throws: `CancellationError`.
        func turn(_ bytes: Int, within limit: Duration) async throws -> Bool {
            let isTurn = try await uplink.turn(bytes, of: id, within: limit)
            if isTurn { sent?.increment(by: bytes) }
            return isTurn
        }

        /// Returns how many of `bytes` the next message should have. With a limit it is at most a quarter of a second's
        /// bytes, so that other streams get their turn soon.
        func piece(_ bytes: Int) -> Int { min(bytes, uplink.allowance.limit.map { $0 / 4 } ?? bytes) }

        var window: Int64 { uplink.window.load(ordering: .relaxed) }

        func note(window: Int64) { uplink.window.store(window, ordering: .relaxed) }

        /// Notes whether the stream has unacknowledged bytes. While a live stream has some, the backlog is not sent.
        func set(underWay: Bool) {
            if uplink.scheduler.withLock({ $0.set(id, underWay: underWay) }), !underWay { uplink.changes.increment() }
        }

        func leave() {
            uplink.scheduler.withLock { $0.leave(id) }
            uplink.changes.increment()
        }
    }

    private func turn(_ bytes: Int, of id: Int, within limit: Duration) async throws -> Bool {
        let end = monotonic.now().advanced(by: limit)
        var hasTurn = false
        defer {
            if !hasTurn { scheduler.withLock { $0.withdraw(id) } }
            changes.increment()
        }
        while true {
            let (seen, now, allowance) = (changes.value, monotonic.now(), allowance)
            switch scheduler.withLock({ $0.ask(id, for: bytes, within: allowance, at: now) }) {
            case .go:
                hasTurn = true
                return true
            case .wait(let wait):
                guard now < end else {
                    // The plan's wish is no standstill.
                    if !allowance.allowsBacklog { progress.postpone() }
                    return false
                }
                let longest = min(now.duration(to: end), Self.interval)
                try await changes.wait(beyond: seen, atMost: min(wait ?? longest, longest), monotonic: monotonic)
            }
        }
    }
}
