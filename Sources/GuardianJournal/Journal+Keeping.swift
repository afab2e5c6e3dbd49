import Foundation
import GRDB
import GuardianCore

extension Journal {
    /// Rejects an entry that would break a keep. Called in the transaction that writes the entry, so that a clip is
    /// never deleted at the moment at which its event is kept.
    ///
    /// - Throws: `failedPrecondition` when a clip or picture of a kept event is to expire, or when an event has no clip left to keep;
    ///   `notFound` when there is no such event.
    static func checkKeeping(_ body: JournalBody, in database: Database) throws {
        switch body {
        case .tombstone(let tombstone) where tombstone.reason == .expired:
            let condition =
                switch tombstone.subject {
                case .clip: CatalogueSQL.isKept
                case .event, .snapshot: "EXISTS (SELECT 1 FROM keeps WHERE event = ? AND kept = 1)"
                }
            let isKept = try Bool.fetchOne(
                database, sql: "SELECT \(condition)", arguments: [tombstone.subject.uuid])
            guard isKept != true else {
                throw GuardianError(.failedPrecondition, "What is to expire belongs to an event that is kept.")
            }
        case .eventKept(let keep) where keep.isKept: try checkClips(of: keep.event, in: database)
        default: break
        }
    }

    private static func checkClips(of event: EventID, in database: Database) throws {
        let state = try String.fetchOne(database, sql: "SELECT state FROM events WHERE id = ?", arguments: [event.uuid])
        guard let state else { throw GuardianError(.notFound, "There is no event \(event).") }
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT count(*) AS clips, count(tombstones.subject) AS deleted, max(tombstones.cause) AS cause
                FROM event_clips
                LEFT JOIN tombstones ON tombstones.subject = event_clips.clip AND tombstones.kind = 'clip'
                WHERE event_clips.event = ?
                """, arguments: [event.uuid])
        let (clips, deleted): (Int, Int) = (row?["clips"] ?? 0, row?["deleted"] ?? 0)
        let isAge = row?["cause"] as String? == Tombstone.Cause.age.rawValue
        // The clip of an open event may not have been opened yet.
        guard state != Event.State.open.rawValue || deleted > 0 else { return }
        guard clips > 0 else {
            throw GuardianError(.failedPrecondition, "This event has no clip to keep: nothing was recorded then.")
        }
        guard deleted < clips else {
            throw GuardianError(
                .failedPrecondition,
                "This event's clip was deleted \(isAge ? "for its age" : "to make room"); it is too late to keep it. "
                    + "The archive may still have it.")
        }
    }
}
