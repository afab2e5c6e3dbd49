import Foundation
import GRDB
import GuardianCore
import GuardianOperations
import GuardianStorage

/// A notification that events have changed; the catalogue has their new state.
public struct JournalChange: Hashable, Sendable {
    /// The entry's position here: at an edge its sequence, at a node its place in the order of arrival. Pass it as
    /// `after` to resume.
    public let sequence: Int64
    /// The events whose view changed: the entry's own, or those that the entry's clip shows.
    public let events: [EventID]

    public init(sequence: Int64, events: [EventID]) {
        self.sequence = sequence
        self.events = events
    }
}

/// An endless sequence of changes in order: first those after the given position that are stored already, then new ones
/// as they are committed. Only cancellation ends it.
public struct JournalChanges: AsyncSequence, Sendable {
    public typealias Element = JournalChange

    private let store: Store
    private let watermark: Watermark
    private let after: Int64

    /// - Parameter watermark: the highest position that is committed.
    public init(store: Store, watermark: Watermark, after: Int64) {
        self.store = store
        self.watermark = watermark
        self.after = after
    }

    public struct Iterator: AsyncIteratorProtocol {
        let store: Store
        let watermark: Watermark
        var after: Int64
        var ready: ArraySlice<JournalChange> = []

        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws -> JournalChange? {
            while ready.isEmpty {
                try await watermark.wait(beyond: after)
                let from = after
                let (changes, last) = try await store.read { try JournalChanges.read(after: from, in: $0) }
                ready = changes[...]
                after = last
            }
            return ready.popFirst()
        }
    }

    public func makeAsyncIterator() -> Iterator { Iterator(store: store, watermark: watermark, after: after) }

    /// How many entries are read at once.
    private static let batch = 200

    private static func read(after: Int64, in database: Database) throws -> ([JournalChange], Int64) {
        let rows = try Row.fetchAll(
            database, sql: "SELECT position, subject FROM entries WHERE position > ? ORDER BY position LIMIT ?",
            arguments: [after, batch])
        let shown = try database.cachedStatement(sql: "SELECT event FROM event_clips WHERE clip = ? ORDER BY event")
        let known = try database.cachedStatement(sql: "SELECT 1 FROM events WHERE id = ?")
        var changes: [JournalChange] = []
        for row in rows {
            guard let subject = row["subject"] as UUID? else { continue }
            var events = try UUID.fetchAll(shown, arguments: [subject])
            if events.isEmpty, try Int.fetchOne(known, arguments: [subject]) != nil { events = [subject] }
            guard !events.isEmpty else { continue }
            changes.append(JournalChange(sequence: row["position"], events: events.map(EventID.init)))
        }
        return (changes, rows.last?["position"] ?? after)
    }
}
