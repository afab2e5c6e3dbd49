import Foundation
import GuardianCore
import GuardianHTTP
import GuardianOperations
import Logging
import ServiceLifecycle

/// Notices that a database was found damaged while it is in use, and notes it for the next opening, which sets it aside. Then
/// it does `then`: the database must be opened anew, which happens once a minute at most.
///
/// Without a note on the disk nothing is opened anew: the damaged database would be opened again, or, on a disk that takes no
/// writes, none at all, while this process may still write clips elsewhere.
package struct DamageGuard: Service {
    /// A process or component that has run for less than this is not started again.
    package static let least: Duration = .seconds(60)

    let path: String
    let reserve: DiskReserve
    let damage: @Sendable () -> String?
    let monotonic: any MonotonicClock
    let logger: Logger
    let then: @Sendable () throws -> Void
    /// Why the note cannot be written.
    private let obstacle = Slot<String>()

    /// - Parameters:
    ///   - reserve: given up when the disk is too full for the note.
    ///   - damage: returns what SQLite said of the damage; `nil` while it has said nothing.
    ///   - then: has the database opened anew.
    package init(
        path: String, reserve: DiskReserve, damage: @escaping @Sendable () -> String?, monotonic: any MonotonicClock,
        logger: Logger, then: @escaping @Sendable () throws -> Void
    ) {
        self.path = path
        self.reserve = reserve
        self.damage = damage
        self.monotonic = monotonic
        self.logger = logger
        self.then = then
    }

    /// - Throws: what `then` throws.
    package func run() async throws {
        let isFound = await cancelWhenGracefulShutdown { await untilNoted() }
        if isFound { try then() }
        try? await gracefulShutdown()
    }

    /// Names a damaged database that cannot be opened anew.
    package var problem: FindingView? {
        obstacle.value.map { reason in
            FindingView(
                what: "A database is damaged, and its disk takes no writes (\(reason)). Guardian goes on with it.",
                where: path, severity: .error,
                remedy: "Check the disk, make room on it and make it writable: then a new database begins by itself.")
        }
    }

    /// - Returns: `true` when the database was found damaged, that is noted on the disk, and it was in use for a minute; `false`
    ///   after the shutdown.
    private func untilNoted() async -> Bool {
        let began = monotonic.now()
        var isFound = false
        while !Task.isCancelled {
            if let reason = damage() {
                if !isFound {
                    logger.error(
                        "database found damaged while running", metadata: ["path": "\(path)", "reason": "\(reason)"])
                    isFound = true
                }
                // At once, so that any other end of the process leads there too; and again each second, because it counts
                // only for a file that nobody else has changed, and only a new one shows that the disk still takes writes.
                if note(reason), monotonic.elapsed(since: began) >= Self.least { return true }
            }
            try? await monotonic.sleep(for: .seconds(1))
        }
        return false
    }

    /// - Returns: whether the note is on the disk.
    private func note(_ reason: String) -> Bool {
        do {
            do { try DamagedDatabase.note(path, reason) } catch let failure as SystemFailure
                where failure.number == ENOSPC || failure.number == EDQUOT
            {
                guard reserve.release() else { throw failure }
                try DamagedDatabase.note(path, reason)
            }
            obstacle.value = nil
            return true
        } catch {
            if obstacle.value != "\(error)" {
                logger.error("damage cannot be noted, retrying", metadata: ["path": "\(path)", "reason": "\(error)"])
            }
            obstacle.value = "\(error)"
            return false
        }
    }
}
