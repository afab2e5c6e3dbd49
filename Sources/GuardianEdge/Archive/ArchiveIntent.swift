import GuardianCore
import GuardianJournal
import Logging
import ServiceLifecycle

/// Follows the journal and adds to the archive's ledger what is to be archived: snapshot and clips of each event that the
/// policy selects or that the owner keeps, as soon as they exist.
package struct ArchiveIntent: Service {
    /// A position is stored this often, even if nothing is wanted.
    private static let pause: Duration = .seconds(60)

    let journal: Journal
    let ledger: ArchiveLedger
    /// Returns the policy now: the cameras that it names may come and go. `nil`: nothing is to be archived.
    let policy: @Sendable () -> ArchivePolicy?
    let monotonic: any MonotonicClock
    let logger: Logger

    package init(
        journal: Journal, ledger: ArchiveLedger, policy: @escaping @autoclosure @Sendable () -> ArchivePolicy?,
        monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) {
        self.journal = journal
        self.ledger = ledger
        self.policy = policy
        self.monotonic = monotonic
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { try await follow() } catch is CancellationError {
                    return
                } catch {
                    logger.error("selecting clips for the archive failed, retrying", metadata: ["reason": "\(error)"])
                    try? await monotonic.sleep(for: .seconds(1))
                }
            }
        }
    }

    private func follow() async throws {
        let start: Int64
        if let known = try await ledger.position() {
            // A journal that was restored from a backup ends before the position that was read.
            start = min(known, journal.position)
        } else {
            start = journal.position
            try await ledger.want([], throughPosition: start)
        }
        var (seen, stored) = (start, monotonic.now())
        var last = policy()
        for try await change in journal.changes(after: start) {
            let policy = policy()
            // What was not wanted stays so when the policy changes, also after a restart.
            if policy != last || monotonic.elapsed(since: stored) > Self.pause {
                try await ledger.want([], throughPosition: seen)
                (last, stored) = (policy, monotonic.now())
            }
            seen = change.sequence
            guard let policy else {
                // What happened meanwhile is not archived later either, whether or not the process is restarted.
                try await ledger.want([], throughPosition: change.sequence)
                continue
            }
            let kept = try await journal.catalogue.kept(of: change.events)
            let events = try await journal.catalogue.events(change.events).values
                .filter { kept.contains($0.id) || policy.wants($0) }
                .filter { !$0.clips.isEmpty || $0.snapshot != nil }
            guard !events.isEmpty else { continue }
            try await ledger.want(events, throughPosition: change.sequence)
        }
    }
}
