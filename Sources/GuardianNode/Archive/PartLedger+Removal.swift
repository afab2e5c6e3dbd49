import Foundation
import GRDB
import GuardianCore

/// Removals in two steps, so that a hold and a removal exclude each other and no crash leaves half of one.
extension PartLedger {
    /// The snapshots of a held clip's events may not be removed, even when these events have other clips.
    private static let mayBeRemoved = """
        state = 'stored' AND held = 0 AND removal IS NULL AND NOT (kind = 'snapshot' AND subject IN (\(heldEvents)))
        """
    private static let heldEvents = """
        SELECT event FROM event_clips JOIN parts AS held ON held.subject = clip WHERE held.held = 1
        """

    /// Returns stored parts that may be removed, in the order in which they were stored.
    ///
    /// - Parameter last: the last part of the page before.
    func removable(
        of camera: CameraID?, storedBefore time: Int64 = .max, after last: StoredPart? = nil, limit: Int = 100
    ) async throws -> [StoredPart] {
        try await store.read { database in
            try Self.all(
                """
                WHERE \(Self.mayBeRemoved) AND stored_at < ?1 AND (?2 IS NULL OR camera = ?2)
                    AND (stored_at, id) > (?3, ?4)
                ORDER BY stored_at, id LIMIT ?5
                """,
                [time, camera?.uuid, last?.storedAt?.milliseconds ?? .min, last?.row ?? 0, limit], in: database)
        }
    }

    /// Returns parts whose removal has begun.
    func beingRemoved(after last: StoredPart?) async throws -> [StoredPart] {
        try await store.read { database in
            try Self.all("WHERE removal = 'begun' AND id > ? ORDER BY id LIMIT 100", [last?.row ?? 0], in: database)
        }
    }

    /// Decides the removal of those of the parts that may be removed at this moment, or whose removal has begun.
    func beginRemoval(of parts: [StoredPart]) async throws -> [StoredPart] {
        try await store.write { database in
            let update = try database.cachedStatement(
                sql: """
                    UPDATE parts SET removal = 'begun'
                    WHERE id = ? AND kind = ? AND subject = ? AND (removal = 'begun' OR (\(Self.mayBeRemoved)))
                    """)
            return try parts.filter { part in
                try update.execute(arguments: [part.row, part.name.kind.rawValue, part.name.subject])
                return database.changesCount > 0
            }
        }
    }

    /// Takes back the decision to remove a part.
    ///
    /// - Parameter isPossible: whether it may be removed later; if not, it is left alone until the next upkeep.
    func endRemoval(of part: StoredPart, isPossible: Bool) async throws {
        try await store.write { database in
            try database.execute(
                sql: "UPDATE parts SET removal = ? WHERE id = ? AND removal = 'begun'",
                arguments: [isPossible ? nil : "failed", part.row])
        }
    }

    /// Returns whether there is room for a part once everything that may be removed is removed.
    ///
    /// What may not be removed is little or has an index, so that this costs the same however many clips there are.
    func canMakeRoom(for shortage: Shortage) async throws -> Bool {
        let quota = quota
        return try await store.read { try Self.canMakeRoom(for: shortage, quota, in: $0) }
    }

    static func canMakeRoom(for shortage: Shortage, _ quota: ArchiveQuota, in database: Database) throws -> Bool {
        let kept = """
            SELECT coalesce(sum(size), 0) AS bytes, count(*) AS objects FROM (
                SELECT size, camera FROM parts WHERE state IN ('uploading', 'sealed')
                UNION ALL SELECT size, camera FROM parts WHERE held = 1 AND state = 'stored'
                UNION ALL SELECT size, camera FROM parts
                    WHERE removal IS NOT NULL AND held = 0 AND state = 'stored'
                UNION ALL SELECT size, camera FROM parts
                    WHERE kind = 'snapshot' AND state = 'stored' AND held = 0 AND removal IS NULL
                        AND subject IN (\(heldEvents)))
            WHERE ?1 IS NULL OR camera = ?1
            """
        for (camera, limit) in [(shortage.part, quota.camera), (nil, quota.all)] {
            let row = try Row.fetchOne(
                try database.cachedStatement(sql: kept), arguments: [camera?.uuid])
            // A part that was refused for now does not count yet.
            let objects: Int64 = row?["objects"] ?? 0
            let level = ArchiveUsage.Level(
                bytes: row?["bytes"] ?? 0, objects: objects + (shortage.isCounted ? 0 : 1), limit: limit)
            if Shortage(level, of: shortage.part, camera: camera, adding: shortage.adding) != nil { return false }
        }
        return true
    }
}
