import Foundation
import GRDB
import GuardianCore

/// How far an event's or clip's entries are on their way to the node.
public struct EventDelivery: Hashable, Sendable {
    public enum State: String, Hashable, Sendable, Codable {
        /// At least one entry waits.
        case waiting
        /// The node has them all.
        case delivered
    }

    public let state: State
    /// How often the entry that was sent most often was sent.
    public let attempts: Int
    /// When the newest acknowledgement came, even if a later entry waits.
    public let acknowledgedAt: Timestamp?
    /// When the first one came.
    public let firstAcknowledgedAt: Timestamp?
    /// Milliseconds from the first entry's `at` to the first acknowledgement: how long the node did not know. `at` of an
    /// opening entry is the arrival of the picture that confirmed the event.
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
    /// The delivery of each of these events.
    public func delivery(of events: [EventID]) async throws -> [EventID: EventDelivery] {
        var answer: [EventID: EventDelivery] = [:]
        let found = try await delivery(of: events.map(\.uuid))
        for (subject, delivery) in found { answer[EventID(subject)] = delivery }
        return answer
    }

    /// Of these clips, those whose entries the node all has: what may be deleted first when room is needed.
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
            var answer: [UUID: EventDelivery] = [:]
            for subject in subjects {
                let row = try Row.fetchOne(waiting, arguments: [subject])
                let count: Int = row?["waiting"] ?? 0
                let attempts: Int = row?["attempts"] ?? 0
                let past = try Row.fetchOne(known, arguments: [subject])
                let last: Int64? = past?["acknowledged_at"]
                let first: Int64? = past?["first_acknowledged_at"]
                let began: Int64? = past?["began_at"]
                answer[subject] = EventDelivery(
                    state: count == 0 && past != nil ? .delivered : .waiting,
                    attempts: max(attempts, past?["attempts"] ?? 0),
                    acknowledgedAt: last.map(Timestamp.init(milliseconds:)),
                    firstAcknowledgedAt: first.map(Timestamp.init(milliseconds:)),
                    latency: first.flatMap { first in began.map { max(0, first - $0) } })
            }
            return answer
        }
    }

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

    /// Puts what was written while there was no node into the outbox, or remembers from where on there is none.
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
