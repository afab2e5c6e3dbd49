import GuardianCore
import GuardianJournal
import Logging
import ServiceLifecycle

/// Follows the journal and wants every clip archived that an event of the policy's choice shows, as soon as it shows it.
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
            let events = try await journal.catalogue.events(change.events).values
            let clips = events.filter { policy.wants($0) }.flatMap { event in
                event.clips.map { (clip: $0.clip, camera: event.camera) }
            }
            guard !clips.isEmpty else { continue }
            try await ledger.want(clips, throughPosition: change.sequence)
        }
    }
}
