import Foundation
import GRDB
import GuardianArchive
import GuardianCore

extension PartLedger {
    /// Returns the buckets that hold parts.
    func buckets() async throws -> Set<BucketName> {
        try await store.read { database in
            Set(
                try String.fetchAll(database, sql: "SELECT DISTINCT bucket FROM parts WHERE bucket IS NOT NULL")
                    .compactMap { BucketName($0) })
        }
    }

    /// Records that the store lists these parts with these sizes. A part that counted as lost is stored again.
    ///
    /// - Returns: how many of them the table knows, and how many had counted as lost.
    func markListed(
        _ parts: [(name: PartName, size: Int64)], at time: Timestamp
    ) async throws -> (count: Int, found: Int) {
        try await store.write { database in
            let update = try database.cachedStatement(
                sql: """
                    UPDATE parts SET seen_at = CASE WHEN size = ? THEN ? ELSE seen_at END
                    WHERE kind = ? AND subject = ? AND part = ?
                    """)
            let find = try database.cachedStatement(
                sql: "\(Self.findingAgain) AND size = ? AND kind = ? AND subject = ? AND part = ?")
            var (known, found) = (0, 0)
            for (name, size) in parts {
                try update.execute(arguments: [size, time.milliseconds, name.kind.rawValue, name.subject, name.part])
                known += database.changesCount
                try find.execute(arguments: [size, name.kind.rawValue, name.subject, name.part])
                found += database.changesCount
            }
            return (known, found)
        }
    }

    /// A part that counted as lost still has its receipt, unless it is being sent again.
    private static let findingAgain = """
        UPDATE parts SET state = 'stored', reason = NULL
        WHERE state = 'failed' AND object_key IS NOT NULL AND sha256 IS NOT NULL AND stored_at IS NOT NULL
        """

    /// Records that the store has a part that counted as lost.
    func markFound(_ part: StoredPart) async throws {
        try await store.write { database in
            try database.execute(sql: "\(Self.findingAgain) AND id = ?", arguments: [part.row])
        }
    }

    /// Returns stored parts that the store did not list with their size.
    func unlisted(since time: Timestamp, after row: Int64) async throws -> [StoredPart] {
        try await store.read { database in
            try Self.all(
                "WHERE state = 'stored' AND removal IS NULL AND seen_at < ? AND stored_at < ? AND id > ? ORDER BY id LIMIT 100",
                [time.milliseconds, time.milliseconds, row], in: database)
        }
    }

    /// Returns parts that a bucket must have, or had before they counted as lost: those first that were seen or requested
    /// longest ago.
    func leastSeen(in bucket: BucketName, since time: Timestamp) async throws -> [StoredPart] {
        try await store.read { database in
            try Self.all(
                """
                WHERE bucket = ?1 AND object_key IS NOT NULL AND sha256 IS NOT NULL AND stored_at < ?2 AND seen_at < ?2
                    AND state IN ('stored', 'failed') AND removal IS NULL
                ORDER BY seen_at, id LIMIT 500
                """, [bucket.text, time.milliseconds], in: database)
        }
    }

    /// Records that the store was asked for a part, whatever it answered.
    func noteRequest(_ part: StoredPart, at time: Timestamp) async throws {
        try await store.write { database in
            try database.cachedStatement(sql: "UPDATE parts SET seen_at = ? WHERE id = ?")
                .execute(arguments: [time.milliseconds, part.row])
        }
    }

    /// Whether a part is still as it was read: rows may be minutes old when their object is requested, and its removal may
    /// have begun since.
    func isUnchanged(_ part: StoredPart) async throws -> Bool {
        try await store.read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM parts WHERE \(Self.unchanged))",
                arguments: Self.unchanged(part)) ?? false
        }
    }

    /// Marks a stored part as failed: the store has lost its object, or the object has changed.
    ///
    /// - Returns: whether it was; nothing changes when its removal has begun since it was read, or it is stored anew.
    func fail(_ part: StoredPart, because reason: String) async throws -> Bool {
        try await store.write { database in
            try database.execute(
                sql: "UPDATE parts SET state = 'failed', reason = ? WHERE \(Self.unchanged) AND state = 'stored'",
                arguments: [reason] + Self.unchanged(part))
            return database.changesCount > 0
        }
    }

    /// The id alone does not do: that of a removed row may be given to another part.
    private static let unchanged = """
        id = ? AND kind = ? AND subject = ? AND part = ? AND stored_at IS ? AND state = ? AND removal IS NULL
        """

    private static func unchanged(_ part: StoredPart) -> StatementArguments {
        [
            part.row, part.name.kind.rawValue, part.name.subject, part.name.part, part.storedAt?.milliseconds,
            part.state.rawValue,
        ]
    }
}

extension PartName {
    init(_ object: ArchiveObject) {
        switch object {
        case .clip(let clip, let part): self.init(kind: .clip, subject: clip.uuid, part: part)
        case .snapshot(let event): self.init(kind: .snapshot, subject: event.uuid, part: 0)
        }
    }
}
