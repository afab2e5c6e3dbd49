import Foundation
import GRDB
import GuardianArchive
import GuardianCore
import GuardianStorage

/// The table of parts: the durable state of each part at the node.
struct PartLedger: Sendable {
    let store: Store
    var quota = ArchiveQuota()

    /// Returns the part, and the shortage when there is no room for it. Inserts a new part; resets one that was refused
    /// or lost.
    ///
    /// - Parameter size: bytes that the whole part will have, as the edge says; 0 when it does not know.
    /// - Throws: `PartRefusal` when the part belongs to another device or camera.
    func open(
        _ name: PartName, camera: CameraID, device: Hash256, size: Int64, at time: Timestamp
    ) async throws -> (part: StoredPart, shortage: Shortage?) {
        let quota = quota
        return try await store.write { database in
            try Self.checkOwner(of: name, camera: camera, device: device, in: database)
            try database.cachedStatement(
                sql: """
                    INSERT INTO parts (kind, subject, part, camera, device, state, started_at, held)
                    VALUES (?1, ?2, ?3, ?4, ?5, 'uploading', ?6,
                        EXISTS (SELECT 1 FROM parts WHERE kind = ?1 AND subject = ?2 AND held = 1))
                    ON CONFLICT (kind, subject, part) DO NOTHING
                    """
            ).execute(arguments: [
                name.kind.rawValue, name.subject, name.part, camera.uuid, Data(device.bytes), time.milliseconds,
            ])
            let isNew = database.changesCount > 0
            guard var part = try Self.fetch(name, in: database) else {
                throw GuardianError(.internal, "A part that was just inserted is missing.")
            }
            guard isNew || part.state == .refused || part.state == .failed else { return (part, nil) }
            let refused = try Int64.fetchOne(
                database, sql: "SELECT wanted FROM parts WHERE id = ?", arguments: [part.row])
            if !isNew { try Self.reset(part.row, in: database) }
            // The size that did not fit before counts too: nothing is sent only for the part to be refused later.
            let wanted = max(size, refused ?? 0)
            var shortage = try Self.initialShortage(camera, of: max(1, wanted), quota, in: database)
            shortage?.isCounted = false
            if let shortage {
                try Self.refuse(part.row, wanting: wanted, because: shortage.sentence, in: database)
            }
            part = try Self.fetch(name, in: database) ?? part
            return (part, shortage)
        }
    }

    func part(_ name: PartName) async throws -> StoredPart? {
        try await store.read { try Self.fetch(name, in: $0) }
    }

    /// Returns all parts of a clip, ordered by number.
    func parts(of clip: ClipID) async throws -> [StoredPart] {
        try await store.read { database in
            try Self.all(
                "WHERE kind = 'clip' AND subject = ? ORDER BY part", [clip.uuid], in: database)
        }
    }

    /// Returns the parts in a state, oldest first.
    func parts(in state: StoredPart.State, limit: Int = 100) async throws -> [StoredPart] {
        try await store.read { database in
            try Self.all("WHERE state = ? ORDER BY id LIMIT ?", [state.rawValue, limit], in: database)
        }
    }

    /// Records what the part's header says.
    func identify(_ part: StoredPart, by prefix: SealedPrefix) async throws {
        let keyIDs = prefix.recipients.map(\.keyID.text).joined(separator: " ")
        try await change(
            part,
            "device_key = ?, content_type = ?, bind = ?, key_ids = ?",
            [
                Data(prefix.header.deviceKey), prefix.header.contentType, Data(prefix.bind.bytes), keyIDs,
            ])
    }

    /// Ends a part: no more bytes are accepted.
    ///
    /// - Throws: `aborted` when the part has ended already.
    func seal(_ part: StoredPart, size: Int64, interrupted: Bool) async throws {
        try await store.write { database in
            try database.cachedStatement(
                sql: """
                    UPDATE parts SET state = 'sealed', size = ?, interrupted = ? WHERE id = ? AND state = 'uploading'
                    """
            ).execute(arguments: [size, interrupted, part.row])
            guard database.changesCount > 0 else { throw GuardianError(.aborted, "This part has ended already.") }
        }
    }

    /// Records why a part is waiting.
    func note(_ reason: String, of part: StoredPart) async throws {
        try await change(part, "reason = ?", [reason])
    }

    /// Records that a part is in the store.
    ///
    /// - Throws: `aborted` when it was refused or removed meanwhile.
    func store(_ part: StoredPart, receipt: ObjectReceipt, sha256: Hash256) async throws {
        try await store.write { database in
            try database.cachedStatement(
                sql: """
                    UPDATE parts SET state = 'stored', reason = NULL, ticket = NULL, size = ?, sha256 = ?, bucket = ?,
                        object_key = ?, stored_at = ?
                    WHERE id = ? AND state = 'sealed' AND bind IS ? AND device = ?
                    """
            ).execute(arguments: [
                receipt.size, Data(sha256.bytes), receipt.key.bucket.text, receipt.key.name.text,
                receipt.storedAt.milliseconds, part.row, part.bind.map { Data($0.bytes) }, Data(part.device.bytes),
            ])
            guard database.changesCount > 0 else {
                throw GuardianError(.aborted, "The part was refused or removed during its upload.")
            }
        }
    }

    /// Deletes a part's row; its upload is aborted later.
    func forget(_ part: StoredPart) async throws {
        try await store.write { try Self.forget(part, in: $0) }
    }

    func change(_ part: StoredPart, _ assignments: String, _ values: [any DatabaseValueConvertible & Sendable])
        async throws
    {
        try await store.write { database in
            try database.cachedStatement(sql: "UPDATE parts SET \(assignments) WHERE id = ?")
                .execute(arguments: StatementArguments(values + [part.row]))
        }
    }

    static func fetch(_ name: PartName, in database: Database) throws -> StoredPart? {
        try all(
            "WHERE kind = ? AND subject = ? AND part = ?", [name.kind.rawValue, name.subject, name.part], in: database
        ).first
    }

    static func all(
        _ condition: String, _ values: [any DatabaseValueConvertible], in database: Database
    ) throws -> [StoredPart] {
        let statement = try database.cachedStatement(sql: "SELECT \(StoredPart.columns) FROM parts \(condition)")
        return try Row.fetchAll(statement, arguments: StatementArguments(values)).map(StoredPart.init)
    }
}
