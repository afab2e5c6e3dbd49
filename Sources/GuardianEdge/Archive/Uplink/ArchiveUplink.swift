import GuardianCore
import GuardianJournal
import GuardianOperations
import Synchronization

/// The line to the node as the archive may use it: shared by everything that is sent there, within the owner's limits.
/// What has to wait stays where it is, on the disk.
final class ArchiveUplink: Sendable {
    private let plan: BandwidthPlan
    private let clock: any WallClock
    private let metrics: UplinkMetrics
    private let scheduler = Mutex(UplinkScheduler())
    /// Bytes of one part that the line bore last: where the next part begins to find out.
    private let window = Atomic<Int64>(64 << 10)
    /// Rises when somebody else may go now.
    private let news = Watermark(0)

    /// However long somebody would wait otherwise, the plan is looked at again: its windows begin and end on the minute.
    private static let look: Duration = .seconds(1)

    init(plan: BandwidthPlan, clock: any WallClock, metrics: MetricsRegistry) {
        self.plan = plan
        self.clock = clock
        self.metrics = UplinkMetrics(metrics)
        metrics.beforeExposition { [self] in
            let now = allowance
            self.metrics.limit.set(Double(now.limit ?? 0) * 8)
            self.metrics.backlogHeld.set(now.takesBacklog ? 0 : 1)
            self.metrics.waiting.set(scheduler.withLock { $0.isAnybodyWaiting } ? 1 : 0)
        }
    }

    var allowance: UplinkAllowance { plan.allowance(at: clock.now()) }

    /// A stream's own place on the line.
    func enter(_ urgency: UplinkScheduler.Urgency) -> UplinkLane {
        UplinkLane(line: self, id: scheduler.withLock { $0.enter(urgency) }, sent: metrics.sent[urgency])
    }

    /// Returns once older clips may leave; or, the other way round, once they may not.
    ///
    /// - Throws: `CancellationError`.
    func wait(untilBacklogIsTaken taken: Bool) async throws {
        while allowance.takesBacklog != taken { try await Task.sleep(for: Self.look) }
    }

    /// A stream's place on the line, until it leaves.
    struct UplinkLane: Sendable {
        fileprivate let line: ArchiveUplink
        fileprivate let id: Int
        fileprivate let sent: Counter?

        /// Waits for its turn to send so many bytes, `limit` at most.
        ///
        /// - Returns: whether it is its turn.
        /// - Throws: `CancellationError`.
        func turn(_ bytes: Int, within limit: Duration) async throws -> Bool {
            let isTurn = try await line.turn(bytes, of: id, within: limit)
            if isTurn { sent?.increment(by: bytes) }
            return isTurn
        }

        /// How many of so many bytes one message should have, so that a turn on a limited line is a short one.
        func piece(_ bytes: Int) -> Int { min(bytes, line.allowance.limit.map { $0 / 4 } ?? bytes) }

        var window: Int64 { line.window.load(ordering: .relaxed) }

        func note(window: Int64) { line.window.store(window, ordering: .relaxed) }

        /// Says whether something of it waits for the node's word: older clips do not get in between.
        func set(underWay: Bool) {
            if line.scheduler.withLock({ $0.set(id, underWay: underWay) }), !underWay { line.news.increment() }
        }

        func leave() {
            line.scheduler.withLock { $0.leave(id) }
            line.news.increment()
        }
    }

    private func turn(_ bytes: Int, of id: Int, within limit: Duration) async throws -> Bool {
        let end = ContinuousClock.now.advanced(by: limit)
        var hasTurn = false
        defer {
            if !hasTurn { scheduler.withLock { $0.withdraw(id) } }
            news.increment()
        }
        while true {
            let (seen, now, allowance) = (news.value, ContinuousClock.now, allowance)
            switch scheduler.withLock({ $0.ask(id, for: bytes, within: allowance, at: now) }) {
            case .go:
                hasTurn = true
                return true
            case .wait(let wait):
                guard now < end else { return false }
                let longest = min(now.duration(to: end), Self.look)
                try await news.wait(beyond: seen, atMost: min(wait ?? longest, longest))
            }
        }
    }
}
