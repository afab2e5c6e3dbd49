import Foundation
import GRDB
import GuardianCore
import GuardianOperations
import GuardianStorage
import Synchronization

/// The entries that the node has not acknowledged. A row is inserted in the transaction that writes its entry, and
/// removed when the node acknowledges or rejects the entry; nothing else removes it.
public final class Outbox: Sendable {
    let store: Store
    /// Advances with every append, to wake the delivery.
    public let appended: Watermark
    private let count: Mutex<Int>

    init(store: Store, appended: Watermark, waiting: Int) {
        self.store = store
        self.appended = appended
        count = Mutex(waiting)
    }

    /// How many entries are waiting.
    public var waiting: Int { count.withLock { $0 } }

    /// Returns waiting entries, the newest first, so that current events never wait behind a backlog.
    ///
    /// - Parameters:
    ///   - sent: positions of entries that are already sent; at most a few thousand.
    ///   - bytes: sum of the payloads from which on no more entries are added.
    public func next(_ limit: Int, excluding sent: Set<Int64>, bytes: Int = 1_048_576) async throws -> [OutboxItem] {
        try await store.read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT position FROM outbox ORDER BY position DESC LIMIT ?")
            let positions = try Int64.fetchAll(statement, arguments: [limit + sent.count])
                .lazy.filter { !sent.contains($0) }.prefix(limit)
            let entry = try database.cachedStatement(
                sql: """
                    SELECT chains.chain AS chain, sequence, payload, signature, outbox.subject AS subject,
                        attempts, stored_at
                    FROM outbox JOIN entries USING (position) JOIN chains ON chains.id = entries.chain
                    WHERE outbox.position = ?
                    """)
            var items: [OutboxItem] = []
            var size = 0
            for position in positions {
                guard size < bytes else { break }
                guard let row = try Row.fetchOne(entry, arguments: [position]) else { continue }
                let item = OutboxItem(
                    position: position, entry: EntryRow.entry(row, chain: ChainID(row["chain"] as UUID)),
                    subject: row["subject"], attempts: row["attempts"],
                    at: Timestamp(milliseconds: row["stored_at"]))
                size += item.entry.payload.count
                items.append(item)
            }
            return items
        }
    }

    /// Removes entries that the node has acknowledged, and records the delivery of their events and clips.
    public func acknowledge(_ items: [OutboxItem], at time: Timestamp) async throws {
        guard !items.isEmpty else { return }
        let removed = try await store.write { database in
            let remove = try database.cachedStatement(sql: "DELETE FROM outbox WHERE position = ?")
            var removed = 0
            for item in items {
                try remove.execute(arguments: [item.position])
                removed += database.changesCount
            }
            try Self.recordDelivery(of: items, at: time, in: database)
            return removed
        }
        release(removed)
    }

    /// Removes entries that the node has rejected for good, and records them in the table `refused`, where `guardian
    /// doctor` and the status find them.
    public func refuse(_ items: [(item: OutboxItem, reason: String)], at time: Timestamp) async throws {
        guard !items.isEmpty else { return }
        let removed = try await store.write { database in
            var removed = 0
            for (item, reason) in items {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO refused (position, at, reason) VALUES (?, ?, ?)",
                    arguments: [item.position, time.milliseconds, reason])
                try database.execute(sql: "DELETE FROM outbox WHERE position = ?", arguments: [item.position])
                removed += database.changesCount
            }
            return removed
        }
        release(removed)
    }

    /// Counts an attempt for entries that were sent, but not answered before the connection ended.
    public func returned(_ positions: some Collection<Int64> & Sendable) async throws {
        guard !positions.isEmpty else { return }
        try await store.write { database in
            let update = try database.cachedStatement(
                sql: "UPDATE outbox SET attempts = attempts + 1 WHERE position = ?")
            for position in positions { try update.execute(arguments: [position]) }
        }
    }

    /// Returns when the oldest waiting entry was written; `nil` when none is waiting.
    public func oldestWaitingAt() async throws -> Timestamp? {
        try await store.read { database in
            try Int64.fetchOne(
                database,
                sql: """
                    SELECT stored_at FROM entries WHERE position = (SELECT min(position) FROM outbox)
                    """
            ).map(Timestamp.init(milliseconds:))
        }
    }

    /// Returns how many entries the node has rejected for good, and why it rejected the last one.
    public func refusals() async throws -> (count: Int, lastReason: String?) {
        try await store.read { database in
            (
                try Int.fetchOne(database, sql: "SELECT count(*) FROM refused") ?? 0,
                try String.fetchOne(database, sql: "SELECT reason FROM refused ORDER BY position DESC LIMIT 1")
            )
        }
    }

    /// Counts entries that are about to be written.
    func add(_ entries: Int) { count.withLock { $0 += entries } }

    /// Counts off entries that were removed, or were not written.
    func release(_ entries: Int) { count.withLock { $0 -= entries } }
}

/// An entry in the outbox.
public struct OutboxItem: Hashable, Sendable {
    public let position: Int64
    public let entry: JournalEntry
    /// The event or clip that it is about.
    public let subject: UUID?
    /// How often it was sent without an answer.
    public let attempts: Int
    /// The entry's `at`.
    public let at: Timestamp
}
