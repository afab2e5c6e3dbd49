import Foundation
import GRDB
import GuardianCore

extension Catalogue {
    /// Returns those of the events whose snapshot was deleted.
    public func deletedPictures(of events: [EventID]) async throws -> Set<EventID> {
        try await store.read { try Self.deletedPictures(of: events, in: $0) }
    }

    /// Returns the closed, not kept events all of whose clips are deleted once `clip` is, with the snapshots that expire with
    /// it.
    public func expiringPictures(with clip: ClipID) async throws -> [(event: EventID, snapshot: Snapshot)] {
        try await store.read { database in
            let ids = try UUID.fetchAll(
                try database.cachedStatement(sql: CatalogueSQL.eventsOfClip), arguments: [clip.uuid]
            ).map(EventID.init)
            let deleted = try Self.deletedPictures(of: ids, in: database)
            let kept = try database.cachedStatement(sql: "SELECT 1 FROM keeps WHERE event = ? AND kept = 1")
            let isThere = try database.cachedStatement(sql: "SELECT 1 FROM clips WHERE id = ? AND removed = 0")
            return try Self.events(ids.filter { !deleted.contains($0) }, in: database).values.compactMap { event in
                guard let snapshot = event.snapshot, event.state != .open,
                    try Int.fetchOne(kept, arguments: [event.id.uuid]) == nil
                else { return nil }
                for span in event.clips where span.clip != clip {
                    if try Int.fetchOne(isThere, arguments: [span.clip.uuid]) != nil { return nil }
                }
                return (event.id, snapshot)
            }
        }
    }

    /// Returns deleted clips, oldest first.
    ///
    /// - Parameter cursor: the last clip of the page before.
    public func deletedClips(limit: Int, after cursor: ClipID?) async throws -> [ClipID] {
        try await store.read { database in
            try UUID.fetchAll(
                database,
                sql: "SELECT subject FROM tombstones WHERE kind = 'clip' AND subject > ? ORDER BY subject LIMIT ?",
                arguments: [cursor?.uuid ?? UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)), limit]
            ).map(ClipID.init)
        }
    }

    private static func deletedPictures(of events: [EventID], in database: Database) throws -> Set<EventID> {
        let statement = try database.cachedStatement(
            sql: "SELECT 1 FROM tombstones WHERE subject = ? AND kind = 'snapshot'")
        return Set(try events.filter { try Int.fetchOne(statement, arguments: [$0.uuid]) != nil })
    }
}
