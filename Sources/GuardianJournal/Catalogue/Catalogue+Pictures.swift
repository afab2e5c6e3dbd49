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
            return try Self.picturesWithoutClips(of: ids, besides: clip, in: database).map { ($0.id, $1) }
        }
    }

    /// Returns those of the events that are closed, not kept and lost all of their clips, with their snapshots, unless these were
    /// deleted already.
    public func expiredPictures(of events: [EventID]) async throws -> [(event: EventID, snapshot: Snapshot)] {
        try await store.read { database in
            let isDeleted = try database.cachedStatement(
                sql: "SELECT 1 FROM tombstones WHERE subject = ? AND kind = 'clip'")
            return try Self.picturesWithoutClips(of: events, in: database).filter { event, _ in
                try event.clips.contains { try Int.fetchOne(isDeleted, arguments: [$0.clip.uuid]) != nil }
            }.map { ($0.id, $1) }
        }
    }

    /// Returns those of the events that are closed, not kept and have no clip but `clip`, with their snapshots, unless these were
    /// deleted already.
    private static func picturesWithoutClips(
        of events: [EventID], besides clip: ClipID? = nil, in database: Database
    ) throws -> [(Event, Snapshot)] {
        let deleted = try deletedPictures(of: events, in: database)
        let kept = try database.cachedStatement(sql: "SELECT 1 FROM keeps WHERE event = ? AND kept = 1")
        let isThere = try database.cachedStatement(sql: "SELECT 1 FROM clips WHERE id = ? AND removed = 0")
        return try Self.events(events.filter { !deleted.contains($0) }, in: database).values.compactMap { event in
            guard let snapshot = event.snapshot, event.state != .open,
                try Int.fetchOne(kept, arguments: [event.id.uuid]) == nil
            else { return nil }
            for span in event.clips where span.clip != clip {
                if try Int.fetchOne(isThere, arguments: [span.clip.uuid]) != nil { return nil }
            }
            return (event, snapshot)
        }
    }

    private static func deletedPictures(of events: [EventID], in database: Database) throws -> Set<EventID> {
        let statement = try database.cachedStatement(
            sql: "SELECT 1 FROM tombstones WHERE subject = ? AND kind = 'snapshot'")
        return Set(try events.filter { try Int.fetchOne(statement, arguments: [$0.uuid]) != nil })
    }
}
