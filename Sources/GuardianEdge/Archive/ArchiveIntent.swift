import GuardianCore
import GuardianJournal
import Logging
import ServiceLifecycle

/// Follows the journal and wants everything archived that shows an event of the policy's choice, or one that somebody
/// keeps: its picture and its clips, as soon as they are there.
struct ArchiveIntent: Service {
    let journal: Journal
    let ledger: ArchiveLedger
    let policy: ArchivePolicy
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { try await follow() } catch is CancellationError {
                    return
                } catch {
                    logger.error("clips could not be chosen for the archive", metadata: ["reason": "\(error)"])
                    try? await Task.sleep(for: .seconds(1))
                }
            }
        }
    }

    private func follow() async throws {
        let start: Int64
        if let known = try await ledger.position() {
            // A journal that was put back from a backup is behind what was read.
            start = min(known, journal.position)
        } else {
            start = journal.position
            try await ledger.want([], throughPosition: start)
        }
        for try await change in journal.changes(after: start) {
            let kept = try await journal.catalogue.kept(of: change.events)
            let events = try await journal.catalogue.events(change.events).values
                .filter { kept.contains($0.id) || policy.wants($0) }
                .filter { !$0.clips.isEmpty || $0.snapshot != nil }
            guard !events.isEmpty else { continue }
            try await ledger.want(events, throughPosition: change.sequence)
        }
    }
}
