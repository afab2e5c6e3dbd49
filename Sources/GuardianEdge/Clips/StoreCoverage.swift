import GuardianCore
import GuardianJournal
import Logging
import ServiceLifecycle

/// Writes into the journal when the disk became full and when it had room again.
struct StoreCoverage: Service {
    let store: ClipStore
    let journal: Journal
    let logger: Logger

    func run() async throws {
        for await coverage in store.coverage {
            do {
                try await journal.append([.coverage(coverage)], at: coverage.at)
            } catch {
                logger.error("writing coverage to the journal failed", metadata: ["reason": "\(error)"])
            }
        }
        try? await gracefulShutdown()
    }
}
