import GuardianCore
import GuardianJournal
import Logging

/// What an edge does before anything else: it finds out how the one before it ended, and writes it down.
package struct Recovery {
    private let journal: Journal
    private let store: ClipStore
    private let clock: any WallClock
    private let logger: Logger

    package init(journal: Journal, store: ClipStore, clock: any WallClock, logger: Logger) {
        self.journal = journal
        self.store = store
        self.clock = clock
        self.logger = logger
    }

    /// - Parameter lastBeat: the last moment that the edge before is known to have run; `nil` when it ended in order.
    package func run(lastBeat: Timestamp?) async throws {
        var bodies: [JournalBody] = []
        if let lastBeat {
            bodies.append(
                .coverage(
                    Coverage(
                        change: .fell, camera: nil, at: lastBeat,
                        reason: "The recorder ended without saying so: power, a crash, or a kill.")))
        }
        bodies.append(.coverage(Coverage(change: .started, camera: nil, at: clock.now())))
        let catalogue = journal.catalogue
        for clip in try await store.adopt(known: { try await catalogue.clip($0)?.clip }) {
            bodies.append(.clipClosed(clip))
        }
        for var event in try await catalogue.openEvents() {
            event.state = .interrupted
            bodies.append(.eventClosed(event))
        }
        for start in stride(from: 0, to: bodies.count, by: JournalLimits.append) {
            let part = bodies[start..<min(start + JournalLimits.append, bodies.count)]
            try await journal.append(Array(part), at: clock.now())
        }
        if bodies.count > 1 {
            logger.notice("recovered", metadata: ["entries": "\(bodies.count)"])
        }
    }
}
