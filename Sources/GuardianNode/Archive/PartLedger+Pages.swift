import Foundation
import GRDB
import GuardianArchive
import GuardianCore

/// Which of the archive's clips, or pictures, a list is of; a missing bound bounds nothing. The ids of pictures are their
/// events'.
struct ClipFilter: Sendable {
    var kind = PartName.Kind.clip
    var camera: CameraID?
    /// Clips that begin at this moment or later.
    var from: Timestamp?
    /// Clips that begin before this moment.
    var to: Timestamp?
    /// A word of `ArchiveStatus`.
    var status: String?
    /// Only these.
    var clips: [ClipID]?
    /// Only clips that come behind this one in the list.
    var after: ClipID?
}

/// A clip's parts, and what they make of the clip.
struct StoredClip: Sendable {
    var clip: ClipID
    /// A word of `ArchiveStatus`.
    var status: String
    /// In order.
    var parts: [StoredPart]
}

extension PartLedger {
    /// A page of clips, newest first: a clip's id carries the moment when it begins (RFC 9562, 5.7), so that the order of
    /// the ids is the order of time.
    func clips(_ filter: ClipFilter, limit: Int) async throws -> (items: [StoredClip], hasMore: Bool) {
        try await store.read { database in
            var conditions = ["kind = ?"]
            var values: [any DatabaseValueConvertible] = [filter.kind.rawValue]
            func demand(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
                guard let value else { return }
                conditions.append(condition)
                values.append(value)
            }
            demand("camera = ?", filter.camera?.uuid)
            demand("subject >= ?", filter.from.map { ClipID.first(at: $0).uuid })
            demand("subject < ?", filter.to.map { ClipID.first(at: $0).uuid })
            demand("subject < ?", filter.after?.uuid)
            if let clips = filter.clips {
                conditions.append("subject IN (\(Array(repeating: "?", count: clips.count).joined(separator: ", ")))")
                values += clips.map(\.uuid)
            }
            let status = filter.status == nil ? "" : "HAVING status = ?"
            if let word = filter.status { values.append(word) }
            let statement = try database.cachedStatement(
                sql: """
                    SELECT subject, \(Self.status) AS status, max(part), interrupted FROM parts
                    WHERE \(conditions.joined(separator: " AND "))
                    GROUP BY subject \(status) ORDER BY subject DESC LIMIT ?
                    """)
            values.append(limit + 1)
            let rows = try Row.fetchAll(statement, arguments: StatementArguments(values))
            let items = try rows.prefix(limit).map { row in
                let clip = ClipID(row["subject"] as UUID)
                return StoredClip(
                    clip: clip, status: row["status"], parts: try Self.parts(of: clip, filter.kind, in: database))
            }
            return (items, rows.count > limit)
        }
    }

    /// The events of these whose sealed pictures are here, or come.
    func pictures(of events: [EventID]) async throws -> [EventID] {
        try await store.read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT 1 FROM parts WHERE kind = 'snapshot' AND subject = ? AND part = 0 AND size > 0")
            return try events.filter { try Int.fetchOne(statement, arguments: [$0.uuid]) != nil }
        }
    }

    /// What a clip's parts make of it. The last part alone says whether it was interrupted: with one maximum among the
    /// columns, `interrupted` is that row's (SQLite, "Bare columns in an aggregate query").
    private static let status = """
        CASE
            WHEN sum(state = 'refused') > 0 THEN 'refused'
            WHEN sum(state = 'failed' OR (state = 'sealed' AND reason IS NOT NULL)) > 0 THEN 'failed'
            WHEN sum(state IN ('uploading', 'sealed')) > 0 AND sum(size) = 0 THEN 'pending'
            WHEN sum(state IN ('uploading', 'sealed')) > 0 THEN 'uploading'
            WHEN interrupted THEN 'interrupted'
            ELSE 'stored'
        END
        """

    private static func parts(
        of subject: ClipID, _ kind: PartName.Kind, in database: Database
    ) throws -> [StoredPart] {
        try all("WHERE kind = ? AND subject = ? ORDER BY part", [kind.rawValue, subject.uuid], in: database)
    }
}

extension ClipID {
    /// The lowest id that a clip of this moment can have.
    fileprivate static func first(at time: Timestamp) -> ClipID {
        let milliseconds = UInt64(max(0, time.milliseconds))
        func byte(_ shift: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: milliseconds >> shift) }
        return ClipID(
            UUID(uuid: (byte(40), byte(32), byte(24), byte(16), byte(8), byte(0), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
    }
}
