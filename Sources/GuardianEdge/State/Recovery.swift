import GuardianCore
import GuardianJournal
import Logging

/// Runs first at start: finds out how the previous process ended, and writes it to the journal.
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

    /// Writes coverage, adopts clips that a crash left behind, and closes events that were open.
    ///
    /// - Parameter lastBeat: last heartbeat of the previous process; `nil` when it ended cleanly.
    package func run(lastBeat: Timestamp?) async throws {
        var bodies: [JournalBody] = []
        if let lastBeat {
            bodies.append(
                .coverage(
                    Coverage(
                        change: .fell, camera: nil, at: lastBeat,
                        reason: "The recorder ended unexpectedly: power cut, crash or kill.")))
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
            let batch = bodies[start..<min(start + JournalLimits.append, bodies.count)]
            try await journal.append(Array(batch), at: clock.now())
        }
        if bodies.count > 1 {
            logger.notice("recovery done", metadata: ["entries": "\(bodies.count)"])
        }
    }
}
