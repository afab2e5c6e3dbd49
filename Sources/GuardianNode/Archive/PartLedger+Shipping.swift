import Foundation
import GRDB
import GuardianArchive
import GuardianCore

/// The parts to ship, and the progress of their uploads.
extension PartLedger {
    /// Returns parts that have ended, and growing parts that have at least `piece` bytes more than the store.
    func due(piece: Int64) async throws -> [StoredPart] {
        try await store.read { database in
            try Self.all(
                """
                WHERE state = 'sealed' OR (state = 'uploading' AND size - shipped >= ?) ORDER BY id LIMIT 1000
                """, [piece], in: database)
        }
    }

    /// Saves the progress of an upload.
    ///
    /// - Returns: whether the part is still the one that is being uploaded; otherwise the upload is useless.
    func saveTicket(_ ticket: UploadTicket, of part: StoredPart) async throws -> Bool {
        let json = try ticket.json
        return try await store.write { database in
            try database.cachedStatement(
                sql: """
                    UPDATE parts SET ticket = ?, shipped = ?
                    WHERE id = ? AND bind = ? AND state IN ('uploading', 'sealed')
                    """
            ).execute(arguments: [json, ticket.stored, part.row, part.bind.map { Data($0.bytes) }])
            return database.changesCount > 0
        }
    }

    /// Forgets the progress of an upload, so that the next attempt begins a new one.
    func discardTicket(of part: StoredPart) async throws {
        try await change(part, "ticket = NULL, shipped = 0", [])
    }

    /// Returns uploads of parts that were refused or removed.
    func abandoned() async throws -> [UploadTicket] {
        try await store.read { database in
            try String.fetchAll(database, sql: "SELECT ticket FROM abandoned_uploads LIMIT 100")
                .map { try UploadTicket(json: $0) }
        }
    }

    func forget(_ ticket: UploadTicket) async throws {
        let json = try ticket.json
        try await store.write {
            try $0.execute(sql: "DELETE FROM abandoned_uploads WHERE ticket = ?", arguments: [json])
        }
    }

    /// Returns all uploads that the store should have: those in progress, and those to be aborted.
    func tickets() async throws -> [UploadTicket] {
        try await store.read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT ticket FROM parts WHERE ticket IS NOT NULL UNION SELECT ticket FROM abandoned_uploads
                    """
            ).map { try UploadTicket(json: $0) }
        }
    }
}
