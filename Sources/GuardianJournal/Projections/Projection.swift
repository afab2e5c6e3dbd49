import Foundation
import GRDB
import GuardianCore

/// Writes entries into the journal's tables and updates the catalogue's tables, at the edge and at the node.
///
/// The tables become the same in whatever order entries arrive: the newer entry of an event or clip wins, and other
/// rows are only added.
public enum Projection {
    /// The device and chain of an entry, with their row ids.
    public struct Origin: Sendable {
        /// Its row in `devices`.
        public let deviceRow: Int64
        /// Its row in `chains`.
        public let row: Int64
        public let chain: ChainID
    }

    /// Returns the rows of a device and of one of its chains, and inserts them if they are missing.
    ///
    /// - Throws: `permissionDenied` when the chain belongs to another device.
    public static func origin(
        device key: DevicePublicKey, chain: ChainID, in database: Database
    ) throws -> Origin {
        let keyBytes = Data(key.bytes)
        try database.execute(sql: "INSERT OR IGNORE INTO devices (key) VALUES (?)", arguments: [keyBytes])
        guard
            let device = try Int64.fetchOne(
                database, sql: "SELECT id FROM devices WHERE key = ?", arguments: [keyBytes])
        else { throw GuardianError(.internal, "A device that was just inserted is missing.") }
        try database.execute(
            sql: "INSERT OR IGNORE INTO chains (chain, device) VALUES (?, ?)", arguments: [chain.uuid, device])
        guard
            let row = try Row.fetchOne(
                database, sql: "SELECT id, device FROM chains WHERE chain = ?", arguments: [chain.uuid])
        else { throw GuardianError(.internal, "A chain that was just inserted is missing.") }
        guard row["device"] as Int64 == device else {
            throw GuardianError(.permissionDenied, "Chain \(chain) belongs to another device.")
        }
        return Origin(deviceRow: device, row: row["id"], chain: chain)
    }

    /// Stores an entry that is not stored yet, and projects it.
    ///
    /// - Returns: its position.
    @discardableResult
    public static func store(
        _ entry: JournalEntry, _ content: JournalContent, from origin: Origin, at time: Timestamp,
        in database: Database
    ) throws -> Int64 {
        let insert = try database.cachedStatement(
            sql: """
                INSERT INTO entries (chain, sequence, stored_at, subject, payload, signature) VALUES (?, ?, ?, ?, ?, ?)
                """)
        try insert.execute(arguments: [
            origin.row, entry.sequence, time.milliseconds, content.body.subject, Data(entry.payload),
            Data(entry.signature),
        ])
        let position = database.lastInsertedRowID
        try project(content, at: position, from: origin, in: database)
        return position
    }

    private static func project(
        _ content: JournalContent, at position: Int64, from origin: Origin, in database: Database
    ) throws {
        switch content.body {
        case .eventOpened(let event, _), .eventUpdated(let event), .eventClosed(let event):
            try project(event, content, at: position, from: origin, in: database)
        case .clipOpened(let clip), .clipClosed(let clip):
            try project(clip, content, at: position, from: origin, in: database)
        case .eventKept(let keep):
            try database.cachedStatement(
                sql: """
                    INSERT INTO keeps (event, device, chain, sequence, kept) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (event) DO UPDATE SET
                        chain = excluded.chain, sequence = excluded.sequence, kept = excluded.kept
                    WHERE excluded.device = keeps.device
                        AND (excluded.chain, excluded.sequence) > (keeps.chain, keeps.sequence)
                    """
            ).execute(arguments: [
                keep.event.uuid, origin.deviceRow, origin.chain.uuid, content.sequence, keep.isKept,
            ])
        case .coverage(let coverage):
            try database.cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO coverage (device, family, camera, at, chain, sequence, change, reason)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                origin.deviceRow, coverage.change.family.rawValue, coverage.camera.cameraKey,
                coverage.at.milliseconds, origin.chain.uuid, content.sequence, coverage.change.rawValue,
                coverage.reason,
            ])
        case .tombstone(let tombstone):
            try database.cachedStatement(
                sql: """
                    INSERT INTO tombstones (subject, kind, reason, at, cause) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (subject, kind) DO UPDATE SET
                        reason = excluded.reason, at = excluded.at, cause = excluded.cause
                    WHERE (excluded.at, excluded.reason) < (tombstones.at, tombstones.reason)
                    """
            ).execute(arguments: [
                tombstone.subject.uuid, tombstone.subject.kind, tombstone.reason.rawValue, content.at.milliseconds,
                tombstone.cause?.rawValue,
            ])
        // Sealed clips and beginnings of chains are read from the entries themselves, so there is no table for them.
        case .clipSealed, .chainBegun, .unknown: break
        }
    }

    private static func project(
        _ event: Event, _ content: JournalContent, at position: Int64, from origin: Origin, in database: Database
    ) throws {
        // Most entries only update the row; this changes no index except the partial one.
        let update = try database.cachedStatement(
            sql: """
                UPDATE events SET chain = ?1, sequence = ?2, position = ?3, state = ?4
                WHERE id = ?5 AND device = ?6 AND (?1, ?2) > (chain, sequence)
                    AND camera = ?7 AND label = ?8 AND started_at = ?9
                """)
        let arguments: StatementArguments = [
            origin.chain.uuid, content.sequence, position, event.state.rawValue, event.id.uuid, origin.deviceRow,
            event.camera.uuid, event.label.text, event.startedAt.milliseconds,
        ]
        var updated = 0
        if case .eventOpened = content.body {
        } else {
            try update.execute(arguments: arguments)
            updated = database.changesCount
        }
        if updated == 0 {
            try database.cachedStatement(
                sql: """
                    INSERT INTO events (chain, sequence, position, state, id, device, camera, label, started_at)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                    ON CONFLICT (id) DO UPDATE SET
                        chain = excluded.chain, sequence = excluded.sequence, position = excluded.position,
                        state = excluded.state, camera = excluded.camera, label = excluded.label,
                        started_at = excluded.started_at
                    WHERE excluded.device = events.device
                        AND (excluded.chain, excluded.sequence) > (events.chain, events.sequence)
                    """
            ).execute(arguments: arguments)
        }
        guard !event.clips.isEmpty else { return }
        let link = try database.cachedStatement(sql: "INSERT OR IGNORE INTO event_clips (event, clip) VALUES (?, ?)")
        for span in event.clips { try link.execute(arguments: [event.id.uuid, span.clip.uuid]) }
    }

    private static func project(
        _ clip: Clip, _ content: JournalContent, at position: Int64, from origin: Origin, in database: Database
    ) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO clips (id, device, chain, sequence, position, camera, state, started_at, size, continuous, removed)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,
                    EXISTS (SELECT 1 FROM tombstones WHERE subject = ?1 AND kind = 'clip'))
                ON CONFLICT (id) DO UPDATE SET
                    chain = excluded.chain, sequence = excluded.sequence, position = excluded.position,
                    camera = excluded.camera, state = excluded.state, started_at = excluded.started_at,
                    size = excluded.size, continuous = excluded.continuous
                WHERE excluded.device = clips.device
                    AND (excluded.chain, excluded.sequence) > (clips.chain, clips.sequence)
                """
        ).execute(arguments: [
            clip.id.uuid, origin.deviceRow, origin.chain.uuid, content.sequence, position, clip.camera.uuid,
            clip.state.rawValue, clip.startedAt.milliseconds, clip.size, clip.kind == .continuous,
        ])
    }
}
