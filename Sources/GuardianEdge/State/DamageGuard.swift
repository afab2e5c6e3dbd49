import GuardianCore
import Logging
import ServiceLifecycle

/// Notices that a database was found damaged while it is in use, and notes it for the next opening, which sets it aside. Then
/// it does `then`: the database must be opened anew, which happens once a minute at most.
package struct DamageGuard: Service {
    /// A process or component that has run for less than this is not started again.
    package static let least: Duration = .seconds(60)

    let path: String
    let damage: @Sendable () -> String?
    let monotonic: any MonotonicClock
    let logger: Logger
    let then: @Sendable () throws -> Void

    /// - Parameters:
    ///   - damage: returns what SQLite said of the damage; `nil` while it has said nothing.
    ///   - then: has the database opened anew.
    package init(
        path: String, damage: @escaping @Sendable () -> String?, monotonic: any MonotonicClock, logger: Logger,
        then: @escaping @Sendable () throws -> Void
    ) {
        self.path = path
        self.damage = damage
        self.monotonic = monotonic
        self.logger = logger
        self.then = then
    }

    /// - Throws: what `then` throws.
    package func run() async throws {
        let isFound = await cancelWhenGracefulShutdown { await untilFound() }
        if isFound { try then() }
        try? await gracefulShutdown()
    }

    /// - Returns: whether the database was found damaged before the shutdown.
    private func untilFound() async -> Bool {
        let began = monotonic.now()
        var isNoted = false
        while !Task.isCancelled {
            if let reason = damage() {
                if !isNoted {
                    logger.error(
                        "database found damaged while running", metadata: ["path": "\(path)", "reason": "\(reason)"])
                    // At once, so that any other end of the process leads there too.
                    DamagedDatabase.note(path, reason)
                    isNoted = true
                }
                if monotonic.elapsed(since: began) >= Self.least { return true }
            }
            try? await monotonic.sleep(for: .seconds(1))
        }
        return false
    }
}
