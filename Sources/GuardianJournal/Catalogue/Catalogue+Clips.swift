import Foundation
import GRDB
import GuardianCore

/// A clip, and whether its file was deleted.
public struct CatalogueClip: Hashable, Sendable {
    public let clip: Clip
    /// Why its file was deleted; `nil` while it must exist.
    public let removed: Tombstone.Reason?
    /// More about an expired one; `nil`: its room was needed, or that is not known.
    public let cause: Tombstone.Cause?

    public init(clip: Clip, removed: Tombstone.Reason?, cause: Tombstone.Cause? = nil) {
        self.clip = clip
        self.removed = removed
        self.cause = cause
    }
}

extension Catalogue {
    /// Returns the clip as of its newest entry; `nil` when there is none.
    public func clip(_ id: ClipID) async throws -> CatalogueClip? {
        try await store.read { try Self.clips([id], in: $0)[id] }
    }

    /// Returns those of the clips that are known.
    public func clips(_ ids: [ClipID]) async throws -> [ClipID: CatalogueClip] {
        try await store.read { try Self.clips(ids, in: $0) }
    }

    /// Returns whether the journal says that a clip's file was deleted, even if it knows nothing else of the clip.
    public func hasTombstone(of clip: ClipID) async throws -> Bool {
        try await store.read { database in
            try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM tombstones WHERE subject = ? AND kind = 'clip')",
                arguments: [clip.uuid]) ?? false
        }
    }

    /// Returns every clip that was opened and not closed; a start after a crash adopts these.
    public func openClips() async throws -> [Clip] {
        try await store.read { database in
            let ids = try UUID.fetchAll(database, sql: CatalogueSQL.openClips).map(ClipID.init)
            let clips = try Self.clips(ids, in: database)
            return ids.compactMap { clips[$0]?.clip }
        }
    }

    /// Returns the events that a clip shows.
    public func events(in clip: ClipID) async throws -> [EventID] {
        try await store.read { database in
            let statement = try database.cachedStatement(sql: CatalogueSQL.eventsOfClip)
            return try UUID.fetchAll(statement, arguments: [clip.uuid]).map(EventID.init)
        }
    }

    /// Returns closed clips that are not deleted and whose events are not kept, oldest first: retention may delete
    /// these.
    ///
    /// - Parameters:
    ///   - onlyContinuous: leaves out clips of events.
    ///   - cursor: `next` of the page before.
    public func oldestClips(
        onlyContinuous: Bool = false, limit: Int, after cursor: PageCursor? = nil
    ) async throws -> Page<Clip> {
        let limit = min(max(1, limit), 1_000)
        return try await store.read { database in
            let statement = try database.cachedStatement(
                sql: CatalogueSQL.oldestClips(onlyContinuous: onlyContinuous))
            return try Self.page(
                Row.fetchAll(statement, arguments: Self.start(after: cursor) + [limit + 1]), limit, in: database)
        }
    }

    /// Returns those of `oldestClips` that began before `time`. Clips whose entries were written later, as far as the journal was
    /// told by `noteBelieved`, are left out, whatever date they have.
    ///
    /// - Parameter cursor: `next` of the page before.
    public func agedClips(
        before time: Timestamp, limit: Int, after cursor: PageCursor? = nil
    ) async throws -> Page<Clip> {
        let limit = min(max(1, limit), 1_000)
        return try await store.read { database in
            let position = try Int64.fetchOne(
                try database.cachedStatement(sql: CatalogueSQL.believedPosition), arguments: [time.milliseconds])
            let statement = try database.cachedStatement(sql: CatalogueSQL.agedClips)
            let arguments: StatementArguments =
                Self.start(after: cursor) + [time.milliseconds, position ?? Int64.max, limit + 1]
            return try Self.page(Row.fetchAll(statement, arguments: arguments), limit, in: database)
        }
    }

    private static func start(after cursor: PageCursor?) -> StatementArguments {
        [
            cursor?.startedAt.milliseconds ?? Int64.min,
            cursor?.id ?? UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
        ]
    }

    /// Returns a page of clips whose files were not deleted, newest `startedAt` first.
    ///
    /// - Parameters:
    ///   - kind: `nil`: of every kind.
    ///   - cameras: only clips of these cameras; `nil`: of all.
    ///   - limit: 1 to 1,000.
    ///   - cursor: `next` of the page before.
    public func clips(
        _ kind: Clip.Kind? = nil, cameras: Set<CameraID>? = nil, from: Timestamp? = nil, to: Timestamp? = nil,
        limit: Int, after cursor: PageCursor? = nil
    ) async throws -> Page<Clip> {
        let limit = min(max(1, limit), 1_000)
        return try await store.read { database in
            let statement = try database.cachedStatement(
                sql: CatalogueSQL.clips(kind, cameras: cameras?.count, cursor: cursor != nil))
            var arguments = StatementArguments(Self.keys(cameras))
            arguments += [from?.milliseconds ?? Int64.min, to?.milliseconds ?? Int64.max]
            if let cursor { arguments += [cursor.startedAt.milliseconds, cursor.id] }
            arguments += [limit + 1]
            return try Self.page(Row.fetchAll(statement, arguments: arguments), limit, in: database)
        }
    }

    private static func page(_ rows: [Row], _ limit: Int, in database: Database) throws -> Page<Clip> {
        let ids = rows.prefix(limit).map { ClipID($0["id"] as UUID) }
        let known = try clips(ids, in: database)
        return Page(items: ids.compactMap { known[$0]?.clip }, next: cursor(after: rows, limit))
    }

    /// Returns how many closed clips are on the disk, their bytes, and when the oldest one begins.
    public func clipTotals() async throws -> ClipTotals {
        try await store.read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT clips AS count, bytes, continuous_bytes, (
                        SELECT started_at FROM clips WHERE removed = 0 AND state <> 'recording'
                        ORDER BY started_at, id LIMIT 1
                    ) AS oldest FROM clip_totals
                    """)
            let oldest: Int64? = row?["oldest"]
            return ClipTotals(
                count: row?["count"] ?? 0, bytes: row?["bytes"] ?? 0, continuousBytes: row?["continuous_bytes"] ?? 0,
                oldest: oldest.map(Timestamp.init(milliseconds:)))
        }
    }

    static func clips(_ ids: [ClipID], in database: Database) throws -> [ClipID: CatalogueClip] {
        let payload = try database.cachedStatement(sql: CatalogueSQL.clipPayload)
        let tombstone = try database.cachedStatement(
            sql: "SELECT reason, cause FROM tombstones WHERE subject = ? AND kind = 'clip'")
        var clips: [ClipID: CatalogueClip] = [:]
        for id in ids {
            guard let bytes = try Data.fetchOne(payload, arguments: [id.uuid]),
                let clip = JournalContent.stored(Array(bytes))?.body.clip
            else { continue }
            let row = try Row.fetchOne(tombstone, arguments: [id.uuid])
            let (reason, cause): (String?, String?) = (row?["reason"], row?["cause"])
            clips[id] = CatalogueClip(
                clip: clip, removed: reason.flatMap(Tombstone.Reason.init(rawValue:)),
                cause: cause.flatMap(Tombstone.Cause.init(rawValue:)))
        }
        return clips
    }
}

/// The closed clips on the disk.
public struct ClipTotals: Hashable, Sendable {
    public let count: Int
    public let bytes: Int64
    /// Of these, the bytes of continuous clips.
    public let continuousBytes: Int64
    public let oldest: Timestamp?
}
