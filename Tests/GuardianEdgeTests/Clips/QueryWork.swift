import Foundation
import GRDB
import GRDBSQLite
import GuardianStorage
import Synchronization

/// Counts the steps that SQLite takes through loops of its programs, on every connection of a store: a measure of work that is
/// the same on every machine. A row that is visited is at least one step.
final class QueryWork: Sendable {
    private static let readers = 4
    private let steps = Atomic<Int>(0)
    private let entered = Atomic<Int>(0)
    private let store: Store

    /// - Parameter table: any table of the store.
    init(_ store: Store, table: String) async throws {
        self.store = store
        // Each read waits for the others, so that each of them gets a connection of its own.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.readers {
                group.addTask {
                    try await self.store.read { database in
                        self.entered.add(1, ordering: .relaxed)
                        while self.entered.load(ordering: .relaxed) < Self.readers { sched_yield() }
                        try self.install(on: database, table)
                    }
                }
            }
            try await group.waitForAll()
        }
        try await store.write { try self.install(on: $0, table) }
    }

    /// Returns the steps that `work` takes.
    func of(_ work: () async throws -> Void) async rethrows -> Int {
        let before = steps.load(ordering: .relaxed)
        try await work()
        return steps.load(ordering: .relaxed) - before
    }

    private func install(on database: Database, _ table: String) throws {
        // Reads the schema before anything is counted.
        _ = try Int.fetchOne(database, sql: "SELECT 1 FROM \(table) LIMIT 1")
        // The counter lives as long as the store that it holds.
        sqlite3_progress_handler(
            database.sqliteConnection, 1,
            { counter in
                guard let counter else { return 0 }
                Unmanaged<QueryWork>.fromOpaque(counter).takeUnretainedValue().steps.add(1, ordering: .relaxed)
                return 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Takes the counter off the connections; the store is of no use afterwards.
    func close() throws { try store.close() }
}
