import GuardianCore
import GuardianJournal
import GuardianOperations
import Logging
import ServiceLifecycle

/// Runs first at start: finds out how the previous process ended, and writes it to the journal. Its clips are adopted later, by
/// `ClipReconciler`, because recording must not wait for that.
package struct Recovery: Sendable {
    private let journal: Journal
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let logger: Logger

    package init(
        journal: Journal, clock: any WallClock, monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) {
        self.journal = journal
        self.clock = clock
        self.monotonic = monotonic
        self.logger = logger
    }

    /// Returns what is to be written: coverage, and the end of events that were open.
    ///
    /// - Parameter lastBeat: last heartbeat of the previous process; `nil` when it ended cleanly.
    package func findings(lastBeat: Timestamp?) async throws -> [JournalBody] {
        var bodies: [JournalBody] = []
        if let lastBeat {
            bodies.append(
                .coverage(
                    Coverage(
                        change: .fell, camera: nil, at: lastBeat,
                        reason: "The recorder ended unexpectedly: power cut, crash or kill.")))
        }
        bodies.append(.coverage(Coverage(change: .started, camera: nil, at: clock.now())))
        for var event in try await journal.catalogue.openEvents() {
            event.state = .interrupted
            bodies.append(.eventClosed(event))
        }
        return bodies
    }

    package func write(_ bodies: [JournalBody]) async throws {
        for start in stride(from: 0, to: bodies.count, by: JournalLimits.append) {
            let batch = bodies[start..<min(start + JournalLimits.append, bodies.count)]
            try await journal.append(Array(batch), at: clock.now())
        }
        if bodies.count > 1 {
            logger.notice("recovery done", metadata: ["entries": "\(bodies.count)"])
        }
    }

    /// Writes the findings now, or returns a service that tries again until it succeeds: a journal that takes nothing must not
    /// keep the cameras from being recorded.
    func write(orLater bodies: [JournalBody]) async -> (any Service)? {
        do {
            try await write(bodies)
            return nil
        } catch {
            logger.error("recovery failed, retrying", metadata: ["reason": "\(error)"])
            return LaterRecovery(recovery: self, bodies: bodies, monotonic: monotonic)
        }
    }
}

private struct LaterRecovery: Service {
    let recovery: Recovery
    let bodies: [JournalBody]
    let monotonic: any MonotonicClock

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                if (try? await recovery.write(bodies)) != nil { break }
                try? await monotonic.sleep(for: .seconds(1))
            }
        }
        try? await gracefulShutdown()
    }
}
