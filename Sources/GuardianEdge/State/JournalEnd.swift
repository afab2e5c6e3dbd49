import GuardianCore
import GuardianJournal
import ServiceLifecycle

/// Writes into the coverage that the edge stops in order. It is the first service, so its end comes last but for the
/// delivery of what it wrote, which the next start makes good.
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
