import GuardianStorage

/// A tenant's table of parts: receipts, and what is still on its way to the store.
enum ArchiveSchema {
    static let migrations = [
        Migration("2026-11-24 parts of the archive") { try $0.execute(sql: parts) }
    ]

    private static let parts = """
        CREATE TABLE parts (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            subject BLOB NOT NULL,
            part INTEGER NOT NULL,
            camera BLOB NOT NULL,
            device BLOB NOT NULL,
            device_key BLOB NOT NULL DEFAULT x'',
            state TEXT NOT NULL,
            interrupted INTEGER NOT NULL DEFAULT 0,
            reason TEXT,
            size INTEGER NOT NULL DEFAULT 0,
            content_type TEXT,
            bind BLOB,
            key_ids TEXT NOT NULL DEFAULT '',
            checkpoint BLOB,
            sha256 BLOB,
            bucket TEXT,
            object_key TEXT,
            started_at INTEGER NOT NULL,
            stored_at INTEGER,
            UNIQUE (kind, subject, part)
        );
        CREATE INDEX parts_by_state ON parts(state, id);
        CREATE INDEX parts_by_camera ON parts(camera, kind, part, subject);
        CREATE INDEX parts_by_time ON parts(kind, part, subject);
        """
}
