import Foundation
import GRDB
import GuardianCore
import GuardianOperations

/// One SQLite file, opened by one process: write-ahead log, `synchronous=FULL` (what was committed survives a power
/// cut), foreign keys on.
///
/// Writes that wait at the same moment share one transaction and so one `fsync`; a failed write is rolled back alone.
/// Reads run concurrently on connections of their own.
public final class Store: Sendable {
    public let path: String
    private let pool: DatabasePool
    private let queue: CommitQueue
    private let damageWatch: DamageWatch

    /// Opens the file, creates it (mode 0600) when it is missing, and runs the migrations that it lacks.
    ///
    /// - Throws: `failedPrecondition` when a newer version wrote the file or it cannot be opened, `dataLoss` when it is
    ///   not a database.
    public init(path: String, migrations: [Migration]) throws {
        self.path = path
        do {
            try Self.createPrivately(path)
            let pool = try DatabasePool(path: path, configuration: Self.configuration(readonly: false))
            let migrator = migrations.migrator
            if try pool.read(migrator.hasBeenSuperseded) {
                throw GuardianError(
                    .failedPrecondition,
                    "\(path) was written by a newer version of Guardian; install that version or a newer one.")
            }
            try migrator.migrate(pool)
            // GRDB sets NORMAL with the write-ahead log, which may lose the last commits in a power cut.
            // A log that grew while somebody read an old state becomes small again.
            try pool.writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = \(Self.logLimit)")
            }
            self.pool = pool
            let damageWatch = DamageWatch(path: path)
            self.damageWatch = damageWatch
            queue = CommitQueue(pool: pool, damage: damageWatch)
        } catch {
            throw GuardianError.storage(error, path: path)
        }
    }

    /// What SQLite said when it found, in this process, that the file is damaged; `nil` while it has not.
    public var damageFound: String? { damageWatch.found }

    /// Runs `work` in a transaction and returns when it is on the disk. A cancellation of the calling task does not
    /// stop a write. `work` may run again when another process holds the lock.
    public func write<Result: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        try await queue.submit(work)
    }

    /// Runs `work` on a snapshot of the database, concurrently with writes.
    public func read<Result: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        try await Self.lockRetry.run(when: GuardianError.isBusy) { _ in
            do { return try await self.pool.read(work) } catch { throw self.damageWatch.converted(error) }
        }
    }

    /// Runs `work` on a snapshot, blocking the calling thread: for start-up and command lines, not for async code.
    public func readNow<Result>(_ work: (Database) throws -> Result) throws -> Result {
        try Self.lockRetry.runBlocking(when: GuardianError.isBusy) { _ in
            do { return try pool.read(work) } catch { throw damageWatch.converted(error) }
        }
    }

    /// Runs `work` in a transaction, blocking the calling thread: for start-up and command lines, not for async code.
    public func writeNow<Result>(_ work: (Database) throws -> Result) throws -> Result {
        try Self.lockRetry.runBlocking(when: GuardianError.isBusy) { _ in
            do { return try pool.write(work) } catch { throw damageWatch.converted(error) }
        }
    }

    /// Returns what SQLite finds wrong with the file: damaged pages, rows missing from indexes, broken references.
    /// Empty when nothing is wrong.
    public func damage() async throws -> [String] {
        try await read(Self.damage(in:))
    }

    /// Closes every connection; later calls fail. Writes that were submitted before are finished first.
    public func close() throws {
        // The last connection to close may be a read-only one, which would leave the log beside the file. When another
        // process is reading now, the log stays; that is not an error.
        _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        do { try pool.close() } catch { throw GuardianError.storage(error, path: path) }
    }
}

extension Store {
    /// Returns what SQLite finds wrong with the file of this connection: damaged pages, rows missing from indexes,
    /// broken references; at most 100 sentences of each.
    public static func damage(in database: Database) throws -> [String] {
        var sentences = try String.fetchAll(database, sql: "PRAGMA integrity_check(100)").filter { $0 != "ok" }
        let broken = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check")
        sentences += broken.prefix(100).map { row in
            "a row of \(row["table"] as String? ?? "?") refers to a missing row of \(row["parent"] as String? ?? "?")"
        }
        return sentences
    }

    /// Bytes that the write-ahead log keeps after a checkpoint.
    private static let logLimit = 64 << 20

    static func configuration(readonly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.label = "guardian"
        configuration.readonly = readonly
        configuration.foreignKeysEnabled = true
        // `Retry` waits for a lock of another process, instead of a blocked thread.
        configuration.busyMode = .immediateError
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            // An attacker may have changed the schema; this prevents unsafe functions in it from running.
            try database.execute(sql: "PRAGMA trusted_schema = OFF")
        }
        return configuration
    }

    /// How long to wait for another process's lock on the file.
    static let lockRetry = Retry(
        backoff: Backoff(base: .milliseconds(5), limit: .milliseconds(200)), deadline: .seconds(10))

    private static func createPrivately(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw GuardianError(
                .failedPrecondition,
                "\(path) cannot be created (\(String(cString: strerror(errno)))); check that its folder exists and is writable."
            )
        }
        Foundation.close(descriptor)
        Durability.syncFolder(of: path)
    }
}
