import Foundation
import GRDB
import GuardianCore

/// An event's snapshot in the ledger.
package struct LedgerPicture: Sendable, Hashable {
    package var event: EventID
    var camera: CameraID
    /// Why it could not be sent at the last attempt.
    var reason: String?
}

extension ArchiveLedger {
    static let pictures = """
        ALTER TABLE clips ADD COLUMN begins_at INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE pictures (
            event BLOB PRIMARY KEY,
            camera BLOB NOT NULL,
            state TEXT NOT NULL,
            reason TEXT,
            object_key TEXT,
            wanted_at INTEGER NOT NULL,
            retry_at INTEGER NOT NULL DEFAULT 0
        ) WITHOUT ROWID;
        CREATE INDEX pictures_by_state ON pictures(state, wanted_at);
        """

    /// - Returns: 1 when the snapshot was not in the ledger yet, otherwise 0.
    static func wantPicture(of event: Event, at time: Int64, in database: Database) throws -> Int {
        try database.cachedStatement(
            sql: "INSERT OR IGNORE INTO pictures (event, camera, state, wanted_at) VALUES (?, ?, 'waiting', ?)"
        ).execute(arguments: [event.id.uuid, event.camera.uuid, time])
        return database.changesCount
    }

    /// Returns snapshots that are to be sent, the newest first.
    package func pendingPictures(limit: Int) async throws -> [LedgerPicture] {
        let now = clock.now().milliseconds
        return try await store.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT event, camera, reason FROM pictures
                    WHERE state IN ('waiting', 'refused') AND retry_at <= ?
                    ORDER BY wanted_at DESC, event DESC LIMIT ?
                    """, arguments: [now, limit]
            ).map { row in
                LedgerPicture(
                    event: EventID(row["event"] as UUID), camera: CameraID(row["camera"] as UUID), reason: row["reason"]
                )
            }
        }
    }

    func set(
        _ picture: EventID, to state: ClipArchiveState, reason: String? = nil, objectKey: String? = nil,
        retryAfter: Int64 = 0
    ) async throws {
        try await update(
            .pictures, picture.uuid, to: state, reason: reason, objectKey: objectKey, retryAfter: retryAfter)
    }

    /// Lets clips start at once: their event's snapshot is at the node, or will not arrive there soon.
    func begin(_ clips: [ClipID]) async throws {
        let started = try await store.write { database in
            let statement = try database.cachedStatement(
                sql: "UPDATE clips SET begins_at = 0 WHERE clip = ? AND begins_at > 0")
            var started = 0
            for clip in clips {
                try statement.execute(arguments: [clip.uuid])
                started += database.changesCount
            }
            return started
        }
        if started > 0 { additions.increment() }
    }

    /// Returns when the next clip may start that is still delayed for a snapshot; `nil` when none is.
    func nextBeginning() async throws -> Timestamp? {
        let now = clock.now().milliseconds
        return try await store.read { database in
            try Int64.fetchOne(
                database, sql: "SELECT min(begins_at) FROM clips WHERE state = 'waiting' AND begins_at > ?",
                arguments: [now]
            ).map(Timestamp.init(milliseconds:))
        }
    }
}
