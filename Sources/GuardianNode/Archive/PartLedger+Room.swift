import Foundation
import GRDB
import GuardianArchive
import GuardianCore

/// The quota is checked in the transaction that uses it, so that two concurrent parts never use the same room.
extension PartLedger {
    /// Records that `size` bytes of a part are durable in the spool, with a checkpoint over them, if there is room.
    ///
    /// - Parameter whole: bytes that the whole part will have, as the edge says; 0 when it does not know.
    /// - Returns: the shortage when there is no room; then nothing has changed.
    /// - Throws: `aborted` when the part has ended, or another stream has sent more of it.
    func advance(
        _ part: StoredPart, to size: Int64, of whole: Int64, with checkpoint: Checkpoint?
    ) async throws -> Shortage? {
        let quota = quota
        return try await store.write { database in
            let before = try Int64.fetchOne(
                database, sql: "SELECT size FROM parts WHERE id = ? AND state = 'uploading'", arguments: [part.row])
            guard let before, before <= size else { throw GuardianError(.aborted, "This part has ended or has grown.") }
            if var shortage = try Self.shortage(part.camera, adding: size - before, quota, in: database) {
                shortage.adding = max(size, whole) - before
                return shortage
            }
            try database.cachedStatement(
                sql: "UPDATE parts SET size = ?, checkpoint = coalesce(?, checkpoint) WHERE id = ?"
            ).execute(arguments: [size, checkpoint.map { Data($0.bytes) }, part.row])
            return nil
        }
    }

    /// Refuses a part that needs `wanted` bytes; its upload is aborted later.
    func refuse(_ part: StoredPart, wanting wanted: Int64, because reason: String) async throws {
        try await store.write { try Self.refuse(part.row, wanting: wanted, because: reason, in: $0) }
    }

    static func refuse(_ row: Int64, wanting wanted: Int64, because reason: String, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO abandoned_uploads SELECT ticket FROM parts WHERE id = ? AND ticket IS NOT NULL
                """, arguments: [row])
        try database.execute(
            sql: """
                UPDATE parts SET state = 'refused', reason = ?, wanted = ?, size = 0, ticket = NULL, shipped = 0,
                    stuck = 0, bind = NULL, checkpoint = NULL WHERE id = ?
                """, arguments: [reason, wanted, row])
    }

    /// Resets a part that was refused or lost, so that it can be sent again.
    static func reset(_ row: Int64, in database: Database) throws {
        try database.execute(
            sql: """
                UPDATE parts SET state = 'uploading', reason = NULL, size = 0, interrupted = 0, bind = NULL,
                    checkpoint = NULL, sha256 = NULL, bucket = NULL, object_key = NULL, stored_at = NULL,
                    ticket = NULL, shipped = 0 WHERE id = ?
                """, arguments: [row])
    }

    /// Returns what is missing for a part that begins with no bytes and becomes `whole` bytes long.
    ///
    /// Where old clips are removed for it, an announcement removes none of them: it only has to be possible to make room for
    /// the whole part. `advance` makes room for the bytes that have arrived.
    static func initialShortage(
        _ camera: CameraID, of whole: Int64, _ quota: ArchiveQuota, in database: Database
    ) throws -> Shortage? {
        guard let shortage = try Self.shortage(camera, adding: whole, quota, in: database) else { return nil }
        guard quota.whenFull == .removeOldest, try canMakeRoom(for: shortage, quota, in: database) else {
            return shortage
        }
        var now = try Self.shortage(camera, adding: 0, quota, in: database)
        now?.adding = whole
        return now
    }

    static func shortage(
        _ camera: CameraID, adding bytes: Int64, _ quota: ArchiveQuota, in database: Database
    ) throws -> Shortage? {
        let own = try level(
            "WHERE camera = ?", [camera.uuid], limit: quota.camera, in: database)
        if let shortage = Shortage(own, of: camera, camera: camera, adding: bytes) { return shortage }
        return Shortage(
            try level("", [], limit: quota.all, in: database), of: camera, camera: nil, adding: bytes)
    }

    private static func level(
        _ condition: String, _ values: [any DatabaseValueConvertible], limit: ArchiveQuota.Limit, in database: Database
    ) throws -> ArchiveUsage.Level {
        let statement = try database.cachedStatement(
            sql: """
                SELECT coalesce(sum(bytes), 0) AS bytes, coalesce(sum(objects), 0) AS objects FROM archive_usage
                \(condition)
                """)
        let row = try Row.fetchOne(statement, arguments: StatementArguments(values))
        return ArchiveUsage.Level(bytes: row?["bytes"] ?? 0, objects: row?["objects"] ?? 0, limit: limit)
    }

    func usage() async throws -> ArchiveUsage {
        let quota = quota
        return try await store.read { database in
            let all = try Self.level("", [], limit: quota.all, in: database)
            var cameras: [CameraID: ArchiveUsage.Level] = [:]
            for row in try Row.fetchAll(database, sql: "SELECT * FROM archive_usage WHERE objects > 0") {
                cameras[CameraID(row["camera"] as UUID)] = ArchiveUsage.Level(
                    bytes: row["bytes"], objects: row["objects"], limit: quota.camera)
            }
            return ArchiveUsage(
                all: all, cameras: cameras, held: try Self.held(in: database), refused: try Self.refused(in: database))
        }
    }

    private static func held(in database: Database) throws -> ArchiveUsage.Held {
        let sql = "SELECT count(DISTINCT subject) AS clips, coalesce(sum(size), 0) AS bytes FROM parts WHERE held = 1"
        let row = try Row.fetchOne(try database.cachedStatement(sql: sql))
        return ArchiveUsage.Held(clips: row?["clips"] ?? 0, bytes: row?["bytes"] ?? 0)
    }

    private static func refused(in database: Database) throws -> ArchiveUsage.Refused {
        let clips = "SELECT count(DISTINCT subject) FROM parts WHERE state = 'refused'"
        let reason = "SELECT reason FROM parts WHERE state = 'refused' ORDER BY id DESC LIMIT 1"
        return ArchiveUsage.Refused(
            clips: try Int64.fetchOne(try database.cachedStatement(sql: clips)) ?? 0,
            reason: try String.fetchOne(try database.cachedStatement(sql: reason)))
    }

    /// Puts a clip on hold, or releases the hold.
    ///
    /// - Throws: `notFound` when the archive has no part of the clip, `failedPrecondition` when its removal has begun.
    func hold(_ clip: UUID, _ isHeld: Bool) async throws {
        try await store.write { database in
            let isLeaving = try Bool.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM parts WHERE kind = 'clip' AND subject = ? AND removal = 'begun')
                    """, arguments: [clip])
            guard isLeaving != true || !isHeld else {
                throw GuardianError(
                    .failedPrecondition, "The archive is removing the clip \(ClipID(clip)): it is too late to hold it.")
            }
            try database.execute(
                sql: "UPDATE parts SET held = ? WHERE kind = 'clip' AND subject = ?", arguments: [isHeld, clip])
            guard database.changesCount > 0 else {
                throw GuardianError(
                    .notFound,
                    "The archive has no clip \(ClipID(clip)). GET /api/v1/archive lists those that it has.")
            }
        }
    }
}
