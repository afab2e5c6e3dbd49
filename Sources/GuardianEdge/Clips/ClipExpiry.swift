import GuardianCore
import GuardianHTTP
import GuardianJournal
import GuardianOperations
import Logging
import ServiceLifecycle
import Synchronization

/// Deletes clips, with the pictures of their events, once they are older than the owner wants footage to be.
///
/// The time is that of `ExpiryClock`. At a recorder it is supported by the time that an earlier start believed, by the monotonic
/// clock, and by the system's time service. The recorder's own entries support nothing, because they have the time of the clock that
/// is in question; only where nothing else is known does the newest one that was there at the start.
package final class ClipExpiry: Service {
    /// How often old clips are looked for while there are none.
    private static let interval: Duration = .seconds(60)

    private struct State {
        var doubt: ExpiryClock.Doubt?
        /// Why the last round failed.
        var failure: String?
        var oldest: Timestamp?
    }

    private let store: ClipStore
    private let journal: Journal
    private let days: @Sendable () -> Int?
    private let isSynchronised: @Sendable () -> Bool
    private let time: ExpiryClock
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let logger: Logger
    /// The clock at the start, if that is plausible: a recorder may have been off for some hours.
    private let start: Timestamp?
    private let state = Mutex(State())

    /// - Parameters:
    ///   - newest: the time of the journal's newest entry when it was opened; counts while there is no file.
    ///   - days: after which clips are deleted, read at each use; `nil`: none are.
    ///   - isSynchronised: whether a time service has set the system's clock.
    package init(
        store: ClipStore, journal: Journal, file: BelievedTimeFile, newest: Timestamp?,
        days: @escaping @Sendable () -> Int?, isSynchronised: @escaping @Sendable () -> Bool,
        clock: any WallClock = SystemClock(), monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) {
        self.store = store
        self.journal = journal
        self.days = days
        self.isSynchronised = isSynchronised
        self.clock = clock
        self.monotonic = monotonic
        self.logger = logger
        time = ExpiryClock(
            memory: .init(read: { file.read() ?? newest }, write: { try file.write($0) }), clock: clock,
            monotonic: monotonic
        ) { change in
            switch change {
            case .doubted(let doubt):
                logger.error(
                    "clock of the recorder is not believed: nothing is deleted for its age",
                    metadata: ["clock": "\(doubt.clock)", "supported": "\(doubt.supported)"])
            case .believed(let time):
                logger.notice("clock of the recorder is believed again", metadata: ["clock": "\(time)"])
            }
        }
        let now = clock.now()
        start = (file.read() ?? newest).flatMap { now - $0 <= ExpiryClock.tolerance ? now : nil }
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var last: (days: Int?, at: ContinuousClock.Instant)?
            while !Task.isCancelled {
                // Where nothing is waited for, a shorter time counts at once.
                let days = self.days()
                let isDue = last.map { $0.days != days || self.monotonic.elapsed(since: $0.at) >= Self.interval }
                if isDue ?? true {
                    let isMore = await self.round(days)
                    last = isMore ? nil : (days, self.monotonic.now())
                }
                try? await self.monotonic.sleep(for: .seconds(1))
            }
        }
    }

    /// Notes the time, and deletes some of the clips that are too old.
    ///
    /// - Returns: whether there may be more of them.
    package func round(_ days: Int?) async -> Bool {
        do {
            let now = try await time.now(supportedBy: supports)
            let doubt = await time.doubt
            state.withLock { $0.doubt = doubt }
            if let known = await time.running { try await journal.noteBelieved(known) }
            var isMore = false
            if let now, let days {
                isMore = try await store.removeAged(before: ClipAgeLimit(days: days).times(at: now))
            }
            let oldest = try await journal.catalogue.clipTotals().oldest
            state.withLock { $0 = State(doubt: doubt, failure: nil, oldest: oldest) }
            return isMore
        } catch is CancellationError {
            return false
        } catch {
            let reason = (error as? GuardianError)?.message ?? "\(error)"
            let isNew = state.withLock { state in
                defer { state.failure = reason }
                return state.failure != reason
            }
            if isNew {
                logger.error("deleting clips for their age failed, retrying", metadata: ["reason": "\(error)"])
            }
            return false
        }
    }

    private var supports: [Timestamp] {
        [start, isSynchronised() ? clock.now() : nil].compactMap(\.self)
    }

    /// When the oldest clip began, as of the last round.
    package var oldest: Timestamp? { state.withLock { $0.oldest } }

    /// Why nothing is deleted for its age, although it should be.
    package var problems: [FindingView] {
        guard days() != nil else { return [] }
        let state = state.withLock { $0 }
        if let doubt = state.doubt {
            return [
                FindingView(
                    what: "The recorder's clock says \(doubt.clock), but nothing else supports a time after "
                        + "\(doubt.supported): no clip is deleted for its age.", where: "clock", severity: .warning,
                    remedy:
                        "Set the clock, or let a time service set it. If it is right, because the recorder was off, "
                        + "run `guardian doctor --config FILE --accept-clock`.")
            ]
        }
        if let failure = state.failure {
            return [
                FindingView(
                    what: "Clips that are too old cannot be deleted. \(failure)", where: store.folder,
                    severity: .warning, remedy: "It is tried again every minute; the recorder's log has the reason.")
            ]
        }
        return []
    }
}
