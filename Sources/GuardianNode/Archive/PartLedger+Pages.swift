import Foundation
import GRDB
import GuardianArchive
import GuardianCore

/// Which clips or snapshots of the archive a list contains; a `nil` field does not restrict it. A snapshot has the id
/// of its event.
struct ClipFilter: Sendable {
    var kind = PartName.Kind.clip
    var cameras: Set<CameraID>?
    /// Clips that begin at this moment or later.
    var from: Timestamp?
    /// Clips that begin before this moment.
    var to: Timestamp?
    /// A raw value of `ArchiveStatus`.
    var status: String?
    /// Only clips with these ids.
    var clips: [ClipID]?
    /// Only clips that follow this one in the list.
    var after: ClipID?
}

/// A clip's parts, and the status that follows from them.
struct StoredClip: Sendable {
    var clip: ClipID
    /// A raw value of `ArchiveStatus`.
    var status: String
    /// Ordered by number.
    var parts: [StoredPart]
}

extension PartLedger {
    /// Returns a page of clips, newest first. A clip's id contains the time at which it begins (RFC 9562, 5.7), so that
    /// ids sort by time.
    func clips(_ filter: ClipFilter, limit: Int) async throws -> (items: [StoredClip], hasMore: Bool) {
        try await store.read { database in
            var conditions = ["kind = ?"]
            var values: [any DatabaseValueConvertible] = [filter.kind.rawValue]
            func require(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
                guard let value else { return }
                conditions.append(condition)
                values.append(value)
            }
            if let cameras = filter.cameras {
                conditions.append("camera IN (\(cameras.map { _ in "?" }.joined(separator: ", ")))")
                values += cameras.map(\.uuid)
            }
            require("subject >= ?", filter.from.map { ClipID.first(at: $0).uuid })
            require("subject < ?", filter.to.map { ClipID.first(at: $0).uuid })
            require("subject < ?", filter.after?.uuid)
            if let clips = filter.clips {
                conditions.append("subject IN (\(Array(repeating: "?", count: clips.count).joined(separator: ", ")))")
                values += clips.map(\.uuid)
            }
            let status = filter.status == nil ? "" : "HAVING status = ?"
            if let wanted = filter.status { values.append(wanted) }
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

    /// Returns those of the events whose sealed snapshots are here, at least partly.
    func pictures(of events: [EventID]) async throws -> [EventID] {
        try await store.read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT 1 FROM parts WHERE kind = 'snapshot' AND subject = ? AND part = 0 AND size > 0")
            return try events.filter { try Int.fetchOne(statement, arguments: [$0.uuid]) != nil }
        }
    }

    /// A clip's status, computed from its parts. Only the last part tells whether the clip was interrupted: with a
    /// single `max()` among the columns, `interrupted` is that row's (SQLite, "Bare columns in an aggregate query").
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
    /// The lowest possible id of a clip that begins at this time.
    fileprivate static func first(at time: Timestamp) -> ClipID {
        let milliseconds = UInt64(max(0, time.milliseconds))
        func byte(_ shift: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: milliseconds >> shift) }
        return ClipID(
            UUID(uuid: (byte(40), byte(32), byte(24), byte(16), byte(8), byte(0), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
    }
}
