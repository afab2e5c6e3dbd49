import Foundation
import GRDB
import GuardianArchive
import GuardianCore

/// What is to go to the store, and how far it is there.
extension PartLedger {
    /// Parts that have all their bytes, and growing ones that have `piece` bytes more than the store.
    func due(piece: Int64) async throws -> [StoredPart] {
        try await store.read { database in
            try Self.all(
                """
                WHERE state = 'sealed' OR (state = 'uploading' AND size - shipped >= ?) ORDER BY id LIMIT 1000
                """, [piece], in: database)
        }
    }

    /// Keeps where an upload is.
    ///
    /// - Returns: whether the part is still the one that is uploaded; else the upload is of no use.
    func keep(_ ticket: UploadTicket, of part: StoredPart) async throws -> Bool {
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

    /// The store has lost an upload: it begins anew.
    func loseTicket(of part: StoredPart) async throws {
        try await change(part, "ticket = NULL, shipped = 0", [])
    }

    /// Uploads of parts that were given up.
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

    /// Uploads that are under way or will be aborted: all that the store should have.
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
