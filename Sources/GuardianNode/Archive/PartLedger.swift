import Foundation
import GRDB
import GuardianArchive
import GuardianCore
import GuardianStorage

/// The table of parts: what the node holds of each, durably.
struct PartLedger: Sendable {
    let store: Store

    /// The part, made when nobody has heard of it.
    ///
    /// - Throws: `permissionDenied` when another device sent it.
    func open(_ name: PartName, camera: CameraID, device: Hash256, at time: Timestamp) async throws -> StoredPart {
        let part = try await store.write { database in
            try database.cachedStatement(
                sql: """
                    INSERT INTO parts (kind, subject, part, camera, device, state, started_at)
                    VALUES (?, ?, ?, ?, ?, 'uploading', ?) ON CONFLICT (kind, subject, part) DO NOTHING
                    """
            ).execute(arguments: [
                name.kind.rawValue, name.subject, name.part, camera.uuid, Data(device.bytes), time.milliseconds,
            ])
            return try Self.fetch(name, in: database)
        }
        guard let part else { throw GuardianError(.internal, "A part that was just made is not there.") }
        guard part.device == device, part.camera == camera else {
            throw GuardianError(.permissionDenied, "Another device or camera has sent \(name) already.")
        }
        return part
    }

    func part(_ name: PartName) async throws -> StoredPart? {
        try await store.read { try Self.fetch(name, in: $0) }
    }

    /// All parts of a clip, in order.
    func parts(of clip: ClipID) async throws -> [StoredPart] {
        try await store.read { database in
            try Self.all(
                "WHERE kind = 'clip' AND subject = ? ORDER BY part", [clip.uuid], in: database)
        }
    }

    /// The parts in a state, oldest first.
    func parts(in state: StoredPart.State, limit: Int = 100) async throws -> [StoredPart] {
        try await store.read { database in
            try Self.all("WHERE state = ? ORDER BY id LIMIT ?", [state.rawValue, limit], in: database)
        }
    }

    /// Notes what the part's first bytes say of it.
    func identify(_ part: StoredPart, by prefix: SealedPrefix, size: Int64) async throws {
        let keyIDs = prefix.recipients.map(\.keyID.text).joined(separator: " ")
        try await change(
            part,
            "device_key = ?, content_type = ?, bind = ?, key_ids = ?, size = ?",
            [
                Data(prefix.header.deviceKey), prefix.header.contentType, Data(prefix.bind.bytes), keyIDs, size,
            ])
    }

    /// So many bytes are in the spool durably.
    func advance(_ part: StoredPart, to size: Int64) async throws {
        try await change(part, "size = ?", [size])
    }

    func keep(_ checkpoint: Checkpoint, of part: StoredPart) async throws {
        try await change(part, "checkpoint = ?", [Data(checkpoint.bytes)])
    }

    /// No more bytes come.
    func seal(_ part: StoredPart, size: Int64, interrupted: Bool) async throws {
        try await change(part, "state = 'sealed', size = ?, interrupted = ?", [size, interrupted])
    }

    func note(_ reason: String, of part: StoredPart) async throws {
        try await change(part, "reason = ?", [reason])
    }

    func refuse(_ part: StoredPart, because reason: String) async throws {
        try await change(part, "state = 'refused', reason = ?, size = 0", [reason])
    }

    /// There is room again: the part may begin anew.
    func readmit(_ part: StoredPart) async throws {
        try await change(part, "state = 'uploading', reason = NULL, size = 0", [])
    }

    /// The store has it.
    func store(_ part: StoredPart, receipt: ObjectReceipt, sha256: Hash256) async throws {
        try await change(
            part, "state = 'stored', reason = NULL, size = ?, sha256 = ?, bucket = ?, object_key = ?, stored_at = ?",
            [
                receipt.size, Data(sha256.bytes), receipt.key.bucket.text, receipt.key.name.text,
                receipt.storedAt.milliseconds,
            ])
    }

    /// Forgets a part of which nothing came.
    func forget(_ part: StoredPart) async throws {
        try await store.write { try $0.execute(sql: "DELETE FROM parts WHERE id = ?", arguments: [part.row]) }
    }

    private func change(_ part: StoredPart, _ assignments: String, _ values: [any DatabaseValueConvertible & Sendable])
        async throws
    {
        try await store.write { database in
            try database.cachedStatement(sql: "UPDATE parts SET \(assignments) WHERE id = ?")
                .execute(arguments: StatementArguments(values + [part.row]))
        }
    }

    private static func fetch(_ name: PartName, in database: Database) throws -> StoredPart? {
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
