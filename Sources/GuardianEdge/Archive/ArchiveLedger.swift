import Foundation
import GRDB
import GuardianCore
import GuardianJournal
import GuardianOperations
import GuardianStorage

/// The edge's table of what is to be archived and what was: one SQLite file beside the journal's.
public struct ArchiveLedger: Sendable {
    let store: Store
    /// Rises when clips or snapshots are added, or when delayed clips may start.
    let additions = Watermark(0)
    let clock: any WallClock

    public init(path: String, clock: any WallClock = SystemClock()) throws {
        store = try Store(path: path, migrations: Self.migrations)
        self.clock = clock
    }

    package func close() throws { try store.close() }

    // MARK: Clips

    /// How long the first clip of an open event is delayed at most, in milliseconds, so that the event's snapshot reaches
    /// the node before it.
    private static let snapshotDelay: Int64 = 1_000

    /// Adds snapshots and clips of events that are to be archived; rows that exist stay unchanged.
    package func want(_ events: [Event], throughPosition position: Int64) async throws {
        let now = clock.now().milliseconds
        let added = try await store.write { database in
            var added = 0
            for event in events {
                if event.snapshot != nil { added += try Self.wantPicture(of: event, at: now, in: database) }
                for span in event.clips {
                    let isDelayed = event.state == .open && span == event.clips.first
                    try database.cachedStatement(
                        sql: """
                            INSERT OR IGNORE INTO clips (clip, camera, state, wanted_at, begins_at)
                            VALUES (?, ?, 'waiting', ?, ?)
                            """
                    ).execute(arguments: [
                        span.clip.uuid, event.camera.uuid, now, isDelayed ? now + Self.snapshotDelay : 0,
                    ])
                    added += database.changesCount
                }
            }
            try database.cachedStatement(
                sql: """
                    INSERT INTO marks (name, value) VALUES ('position', ?)
                    ON CONFLICT (name) DO UPDATE SET value = excluded.value
                    """
            ).execute(arguments: [position])
            return added
        }
        if added > 0 { additions.increment() }
    }

    /// Returns the journal position up to which `want` was called; `nil` before the first call.
    package func position() async throws -> Int64? {
        try await store.read { try Int64.fetchOne($0, sql: "SELECT value FROM marks WHERE name = 'position'") }
    }

    /// Returns clips that are not archived yet, the newest first: live clips go before the backlog.
    func pending(limit: Int) async throws -> [LedgerClip] {
        let now = clock.now().milliseconds
        return try await store.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT clip, camera, state, reason, object_key FROM clips
                    WHERE (state = 'waiting' AND begins_at <= ?1 AND retry_at <= ?1) OR state = 'uploading'
                        OR (state = 'refused' AND retry_at <= ?1)
                    ORDER BY wanted_at DESC, clip DESC LIMIT ?2
                    """, arguments: [now, limit]
            ).map(Self.clip)
        }
    }

    package func states(of clips: [ClipID]) async throws -> [ClipID: LedgerClip] {
        try await store.read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT clip, camera, state, reason, object_key FROM clips WHERE clip = ?")
            var found: [ClipID: LedgerClip] = [:]
            for clip in clips {
                guard let row = try Row.fetchOne(statement, arguments: [clip.uuid]) else { continue }
                found[clip] = try Self.clip(row)
            }
            return found
        }
    }

    /// Returns those of the clips that are to be archived and are not yet.
    package func unarchived(of clips: [ClipID]) async throws -> Set<ClipID> {
        let open: Set<ClipArchiveState> = [.waiting, .uploading, .refused]
        return Set(try await states(of: clips).values.filter { open.contains($0.state) }.map(\.clip))
    }

    /// Returns how many clips are to be archived and are not yet.
    func unarchivedCount() async throws -> Int {
        try await store.read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT count(*) FROM clips WHERE state IN ('waiting', 'uploading', 'refused')")
            return try Int.fetchOne(statement) ?? 0
        }
    }

    package func set(
        _ clip: ClipID, to state: ClipArchiveState, reason: String? = nil, objectKey: String? = nil,
        retryAfter: Int64 = 0
    ) async throws {
        try await update(
            .clips, clip.uuid, to: state, reason: reason, objectKey: objectKey, retryAfter: retryAfter)
    }

    /// The tables of clips and snapshots; their rows go through the same states.
    enum LedgerTable: String {
        case clips
        case pictures

        fileprivate var key: String { self == .clips ? "clip" : "event" }
    }

    /// - Parameters:
    ///   - objectKey: `nil` leaves the row's value unchanged.
    ///   - retryAfter: milliseconds.
    func update(
        _ table: LedgerTable, _ subject: UUID, to state: ClipArchiveState, reason: String?, objectKey: String?,
        retryAfter: Int64
    ) async throws {
        let retryAt = clock.now().milliseconds + retryAfter
        try await store.write { database in
            try database.cachedStatement(
                sql: """
                    UPDATE \(table.rawValue) SET state = ?, reason = ?, object_key = coalesce(?, object_key), retry_at = ?
                    WHERE \(table.key) = ?
                    """
            ).execute(arguments: [state.rawValue, reason, objectKey, retryAt, subject])
        }
    }

    // MARK: Parts

    func parts(of clip: ClipID) async throws -> [LedgerPart] {
        try await store.read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM parts WHERE clip = ? ORDER BY part", arguments: [clip.uuid]
            ).map(Self.part)
        }
    }

    func begin(_ part: LedgerPart, of clip: ClipID) async throws {
        try await store.write { database in
            try database.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO parts (clip, part, start, bind, prefix_length, stored)
                    VALUES (?, ?, ?, ?, ?, 0)
                    """
            ).execute(arguments: [clip.uuid, part.number, part.start, Data(part.bind.bytes), part.prefixLength])
        }
    }

    func settle(_ number: Int, of clip: ClipID, as mark: PartMark) async throws {
        try await store.write { database in
            try database.cachedStatement(
                sql: """
                    UPDATE parts SET sealed_length = ?, plaintext_length = ?, lasting_length = ?, lasting_hash = ?,
                        complete = ? WHERE clip = ? AND part = ?
                    """
            ).execute(arguments: [
                mark.sealedLength, mark.plaintextLength, mark.lastingLength, mark.lastingHash.map { Data($0.bytes) },
                mark.isComplete, clip.uuid, number,
            ])
        }
    }

    func noteStored(_ number: Int, of clip: ClipID) async throws {
        try await store.write { database in
            try database.execute(
                sql: "UPDATE parts SET stored = 1 WHERE clip = ? AND part = ?", arguments: [clip.uuid, number])
        }
    }

    /// Deletes the part's row: the node has no byte of it, and its key exists no more.
    func forget(_ number: Int, of clip: ClipID) async throws {
        try await store.write { database in
            try database.execute(
                sql: "DELETE FROM parts WHERE clip = ? AND part = ?", arguments: [clip.uuid, number])
        }
    }

    // MARK: Rows

    private static func clip(_ row: Row) throws -> LedgerClip {
        guard let state = ClipArchiveState(rawValue: row["state"]) else {
            throw GuardianError(.dataLoss, "A clip's row in the archive's ledger cannot be read.")
        }
        return LedgerClip(
            clip: ClipID(row["clip"] as UUID), camera: CameraID(row["camera"] as UUID), state: state,
            reason: row["reason"], objectKey: row["object_key"])
    }

    private static func part(_ row: Row) throws -> LedgerPart {
        guard let bind = Hash256(bytes: row["bind"] as Data) else {
            throw GuardianError(.dataLoss, "A part's row in the archive's ledger cannot be read.")
        }
        let sealed: Int64? = row["sealed_length"]
        return LedgerPart(
            number: row["part"], start: row["start"], bind: bind, prefixLength: row["prefix_length"],
            outcome: sealed.map { sealed in
                PartMark(
                    sealedLength: sealed, plaintextLength: row["plaintext_length"],
                    lastingLength: row["lasting_length"],
                    lastingHash: (row["lasting_hash"] as Data?).flatMap { Hash256(bytes: $0) },
                    isComplete: row["complete"])
            }, isStored: row["stored"])
    }

    private static let migrations = [
        Migration("2026-11-24 archive at the edge") { try $0.execute(sql: schema) },
        Migration("2026-11-24 pictures before clips") { try $0.execute(sql: pictures) },
        // In older versions a part had an outcome only once it was stored.
        Migration("2026-11-24 parts without a receipt") {
            try $0.execute(sql: "ALTER TABLE parts ADD COLUMN stored INTEGER NOT NULL DEFAULT 1")
            try $0.execute(sql: "UPDATE parts SET stored = 0 WHERE sealed_length IS NULL")
        },
    ]

    private static let schema = """
        CREATE TABLE clips (
            clip BLOB PRIMARY KEY,
            camera BLOB NOT NULL,
            state TEXT NOT NULL,
            reason TEXT,
            object_key TEXT,
            wanted_at INTEGER NOT NULL,
            retry_at INTEGER NOT NULL DEFAULT 0
        ) WITHOUT ROWID;
        CREATE INDEX clips_by_state ON clips(state, wanted_at);
        CREATE TABLE parts (
            clip BLOB NOT NULL,
            part INTEGER NOT NULL,
            start INTEGER NOT NULL,
            bind BLOB NOT NULL,
            prefix_length INTEGER NOT NULL,
            sealed_length INTEGER,
            plaintext_length INTEGER,
            lasting_length INTEGER,
            lasting_hash BLOB,
            complete INTEGER,
            PRIMARY KEY (clip, part)
        ) WITHOUT ROWID;
        CREATE TABLE marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
        """
}
