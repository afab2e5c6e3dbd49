import GRDB
import GuardianCore
import Synchronization

/// Commits the writes that wait for the disk together.
///
/// The database's writer is a serial queue: the writes that arrive while one group is committed form the next.
final class CommitQueue: Sendable {
    private let pool: DatabasePool
    private let damage: DamageWatch
    private let state = Mutex(State())

    /// The maximum number of writes in one transaction, so that no write waits long for the others.
    private static let groupLimit = 256

    private struct State {
        var waiting: [any Submission] = []
        /// Whether a call of `commit` is in the writer's queue that has not yet taken its group.
        var scheduled = false
    }

    init(pool: DatabasePool, damage: DamageWatch) {
        self.pool = pool
        self.damage = damage
    }

    /// - Throws: what `work` throws, or SQLite's failure as a `GuardianError`.
    func submit<Result: Sendable>(_ work: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let schedule = state.withLock { state in
                state.waiting.append(Work(work: work, continuation: continuation))
                defer { state.scheduled = true }
                return !state.scheduled
            }
            if schedule { enqueue() }
        }
    }

    private func enqueue() {
        pool.asyncWriteWithoutTransaction { self.commit(on: $0) }
    }

    private func commit(on database: Database) {
        let (group, more) = state.withLock { state in
            let group = Array(state.waiting.prefix(Self.groupLimit))
            state.waiting.removeFirst(group.count)
            state.scheduled = !state.waiting.isEmpty
            return (group, state.scheduled)
        }
        if more { enqueue() }
        var failure: (any Error)?
        do {
            try Store.lockRetry.runBlocking(when: GuardianError.isBusy) { _ in
                do {
                    try database.inTransaction(.immediate) {
                        for member in group { try member.run(on: database, alone: group.count == 1) }
                        return .commit
                    }
                } catch { throw damage.converted(error) }
            }
        } catch { failure = error }
        for member in group { member.finish(failure: failure, damage) }
    }
}

private protocol Submission: Sendable {
    /// Runs the work. Throws only when the whole transaction is lost; a failure of the work alone is kept for `finish`.
    func run(on database: Database, alone: Bool) throws
    /// Resumes the waiting caller: after the commit, or with the reason why it failed.
    func finish(failure: (any Error)?, _ damage: DamageWatch)
}

private final class Work<Value: Sendable>: Submission {
    private let work: @Sendable (Database) throws -> Value
    private let continuation: CheckedContinuation<Value, any Error>
    private let outcome = Mutex<Result<Value, any Error>?>(nil)

    init(work: @escaping @Sendable (Database) throws -> Value, continuation: CheckedContinuation<Value, any Error>) {
        self.work = work
        self.continuation = continuation
    }

    func run(on database: Database, alone: Bool) throws {
        if alone {
            // The transaction holds this work only: its failure may roll all of it back.
            let value = try work(database)
            outcome.withLock { $0 = .success(value) }
            return
        }
        var result: Result<Value, any Error>?
        do {
            try database.inSavepoint {
                result = .success(try work(database))
                return .commit
            }
        } catch {
            // On a full disk and similar errors SQLite rolls the whole transaction back.
            guard database.isInsideTransaction else { throw error }
            result = .failure(error)
        }
        outcome.withLock { $0 = result }
    }

    func finish(failure: (any Error)?, _ damage: DamageWatch) {
        if let failure {
            continuation.resume(throwing: failure)
            return
        }
        let result = outcome.withLock { $0 } ?? .failure(GuardianError(.internal, "A queued write was not run."))
        continuation.resume(with: result.mapError { damage.converted($0) })
    }
}
