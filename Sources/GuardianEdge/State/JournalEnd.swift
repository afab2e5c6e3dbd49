import GuardianCore
import GuardianJournal
import ServiceLifecycle

/// Writes the edge's clean end into coverage and closes the journal. It is the first service, so it is shut down last. Its entry
/// is delivered after the next start.
struct JournalEnd: Service {
    let journal: Journal
    let clock: any WallClock

    func run() async throws {
        try? await gracefulShutdown()
        let now = clock.now()
        try await journal.append([.coverage(Coverage(change: .stopped, camera: nil, at: now))], at: now)
        try journal.close()
    }
}
