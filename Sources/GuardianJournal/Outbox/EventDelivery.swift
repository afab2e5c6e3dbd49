import Foundation
import GRDB
import GuardianCore

/// The delivery of an event's or clip's entries to the node.
public struct EventDelivery: Hashable, Sendable {
    public enum State: String, Hashable, Sendable, Codable {
        /// At least one entry is in the outbox.
        case waiting
        /// The node has acknowledged all entries.
        case delivered
    }

    public let state: State
    /// The highest number of times that one of the entries was sent.
    public let attempts: Int
    /// When the newest acknowledgement arrived, even if a later entry is waiting.
    public let acknowledgedAt: Timestamp?
    /// When the first acknowledgement arrived.
    public let firstAcknowledgedAt: Timestamp?
    /// Milliseconds from the first entry's `at` to the first acknowledgement. `at` of an opening entry is the arrival
    /// of the frame that confirmed the event.
    public let latency: Int64?

    public init(
        state: State, attempts: Int, acknowledgedAt: Timestamp?, firstAcknowledgedAt: Timestamp?, latency: Int64?
    ) {
        self.state = state
        self.attempts = attempts
        self.acknowledgedAt = acknowledgedAt
        self.firstAcknowledgedAt = firstAcknowledgedAt
        self.latency = latency
    }
}

extension Outbox {
    /// Returns the delivery of each of these events.
    public func delivery(of events: [EventID]) async throws -> [EventID: EventDelivery] {
        var result: [EventID: EventDelivery] = [:]
        let found = try await delivery(of: events.map(\.uuid))
        for (subject, delivery) in found { result[EventID(subject)] = delivery }
        return result
    }

    /// Returns those of the clips whose entries the node has all acknowledged: they are deleted first when the disk is
    /// full.
    public func delivered(_ clips: [ClipID]) async throws -> Set<ClipID> {
        let found = try await delivery(of: clips.map(\.uuid))
        return Set(found.filter { $0.value.state == .delivered }.map { ClipID($0.key) })
    }

    private func delivery(of subjects: [UUID]) async throws -> [UUID: EventDelivery] {
        try await store.read { database in
            let waiting = try database.cachedStatement(
                sql: "SELECT count(*) AS waiting, max(attempts) AS attempts FROM outbox WHERE subject = ?")
            let known = try database.cachedStatement(
                sql: """
                    SELECT attempts, began_at, first_acknowledged_at, acknowledged_at FROM deliveries WHERE subject = ?
                    """)
            var result: [UUID: EventDelivery] = [:]
            for subject in subjects {
                let row = try Row.fetchOne(waiting, arguments: [subject])
                let count: Int = row?["waiting"] ?? 0
                let attempts: Int = row?["attempts"] ?? 0
                let past = try Row.fetchOne(known, arguments: [subject])
                let last: Int64? = past?["acknowledged_at"]
                let first: Int64? = past?["first_acknowledged_at"]
                let began: Int64? = past?["began_at"]
                result[subject] = EventDelivery(
                    state: count == 0 && past != nil ? .delivered : .waiting,
                    attempts: max(attempts, past?["attempts"] ?? 0),
                    acknowledgedAt: last.map(Timestamp.init(milliseconds:)),
                    firstAcknowledgedAt: first.map(Timestamp.init(milliseconds:)),
                    latency: first.flatMap { first in began.map { max(0, first - $0) } })
            }
            return result
        }
    }

    /// Updates the deliveries of the items' events and clips.
    static func recordDelivery(of items: [OutboxItem], at time: Timestamp, in database: Database) throws {
        var known: [UUID: (attempts: Int, began: Timestamp)] = [:]
        for item in items {
            guard let subject = item.subject else { continue }
            let before = known[subject] ?? (0, item.at)
            known[subject] = (max(before.attempts, item.attempts + 1), min(before.began, item.at))
        }
        let record = try database.cachedStatement(
            sql: """
                INSERT INTO deliveries (subject, attempts, began_at, first_acknowledged_at, acknowledged_at)
                VALUES (?1, ?2, ?3, ?4, ?4)
                ON CONFLICT (subject) DO UPDATE SET
                    attempts = max(attempts, excluded.attempts),
                    began_at = min(began_at, excluded.began_at),
                    acknowledged_at = max(acknowledged_at, excluded.acknowledged_at)
                """)
        for (subject, delivery) in known {
            try record.execute(
                arguments: [subject, delivery.attempts, delivery.began.milliseconds, time.milliseconds])
        }
    }

    /// Adds the entries that were written while the outbox was off, or records the position from which on it is off.
    static func reconcile(enabled: Bool, in database: Database) throws {
        let mark = "outbox paused after"
        let paused = try Int64.fetchOne(database, sql: "SELECT value FROM marks WHERE name = ?", arguments: [mark])
        if enabled, let paused {
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO outbox (position, subject)
                    SELECT position, subject FROM entries WHERE position > ?
                    """, arguments: [paused])
            try database.execute(sql: "DELETE FROM marks WHERE name = ?", arguments: [mark])
        } else if !enabled, paused == nil {
            try database.execute(
                sql: """
                    INSERT INTO marks (name, value) VALUES (?, (SELECT coalesce(max(position), 0) FROM entries))
                    """, arguments: [mark])
        }
    }
}
