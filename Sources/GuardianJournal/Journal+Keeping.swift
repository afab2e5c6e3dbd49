import Foundation
import GRDB
import GuardianCore

extension Journal {
    /// Refuses what would break a promise to keep an event. Asked in the transaction that writes the entry, so that a clip
    /// never goes at the very moment at which somebody keeps it.
    ///
    /// - Throws: `failedPrecondition` when a kept clip is to expire, or when nothing of an event is left to keep;
    ///   `notFound` when there is no such event.
    static func checkKeeping(_ body: JournalBody, in database: Database) throws {
        switch body {
        case .tombstone(let tombstone) where tombstone.reason == .expired:
            guard case .clip(let clip) = tombstone.subject else { return }
            let isKept = try Bool.fetchOne(
                database, sql: "SELECT \(CatalogueSQL.isKept)", arguments: [clip.uuid])
            guard isKept != true else {
                throw GuardianError(.failedPrecondition, "The clip \(clip) shows an event that somebody keeps.")
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
                SELECT count(*) AS clips, count(tombstones.subject) AS gone FROM event_clips
                LEFT JOIN tombstones ON tombstones.subject = event_clips.clip AND tombstones.kind = 'clip'
                WHERE event_clips.event = ?
                """, arguments: [event.uuid])
        let (clips, gone): (Int, Int) = (row?["clips"] ?? 0, row?["gone"] ?? 0)
        // Of one that goes on, the clip may still come.
        guard state != Event.State.open.rawValue || gone > 0 else { return }
        guard clips > 0 else {
            throw GuardianError(.failedPrecondition, "This event has no clip to keep: nothing was recorded then.")
        }
        guard gone < clips else {
            throw GuardianError(
                .failedPrecondition,
                "This event's clip was deleted to make room; it is too late to keep it. The archive may still have it.")
        }
    }
}
