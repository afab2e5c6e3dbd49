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
                WHERE (state = 'sealed' AND stuck = 0) OR (state = 'uploading' AND size - shipped >= ?) ORDER BY id LIMIT 1000
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

    /// Returns a page of the uploads of parts that were refused or removed. Forgets those whose ticket is damaged.
    ///
    /// - Parameter last: the last ticket of the page before.
    func abandoned(after last: UploadTicket?) async throws -> [UploadTicket] {
        let start = try last?.json ?? ""
        return try await store.write { database in
            let texts = try String.fetchAll(
                database, sql: "SELECT ticket FROM abandoned_uploads WHERE ticket > ? ORDER BY ticket LIMIT 100",
                arguments: [start])
            return try texts.compactMap { text in
                if let ticket = try? UploadTicket(json: text) { return ticket }
                try database.execute(sql: "DELETE FROM abandoned_uploads WHERE ticket = ?", arguments: [text])
                return nil
            }
        }
    }

    /// Takes a part that cannot be shipped out of the queue, until the next upkeep.
    func giveUp(_ part: StoredPart, as fate: StoredPart.Stuck, because reason: String) async throws {
        try await change(part, "stuck = ?, reason = ?", [fate.rawValue, reason])
    }

    /// Marks a part as lost before it was stored: its device may send it again.
    func lose(_ part: StoredPart, because reason: String) async throws {
        try await store.write { database in
            try Self.refuse(part.row, wanting: 0, because: reason, in: database)
            try database.execute(sql: "UPDATE parts SET state = 'failed' WHERE id = ?", arguments: [part.row])
        }
    }

    /// Puts what could not be shipped or removed back into the queue: a person may have found the cause.
    func retryStuck() async throws {
        try await store.write { database in
            try database.execute(sql: "UPDATE parts SET stuck = 0 WHERE state = 'sealed' AND stuck > 0")
            try database.execute(sql: "UPDATE parts SET removal = NULL WHERE removal = 'failed'")
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
            ).compactMap { try? UploadTicket(json: $0) }
        }
    }
}
