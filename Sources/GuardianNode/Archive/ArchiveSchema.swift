import GuardianStorage

/// A tenant's tables of parts: receipts, and parts that are not in the store yet.
enum ArchiveSchema {
    static let migrations = [
        Migration("2026-11-24 parts of the archive") { try $0.execute(sql: parts) },
        Migration("2026-11-24 room, holds and growing objects of the archive") { try $0.execute(sql: room) },
        Migration("2026-11-24 clips that are held") {
            try $0.execute(sql: "CREATE INDEX parts_held ON parts(subject, size) WHERE held = 1")
        },
        Migration("2026-11-26 places of the archive") {
            try $0.execute(sql: "CREATE TABLE places (place TEXT PRIMARY KEY, id TEXT NOT NULL) WITHOUT ROWID")
        },
        Migration("2026-11-26 removals in two steps and stuck parts of the archive") {
            try $0.execute(sql: removals)
        },
        Migration("2026-11-26 believed time of the archive") {
            try $0.execute(sql: "CREATE TABLE believed_time (id INTEGER PRIMARY KEY, at INTEGER NOT NULL)")
        },
        Migration("2026-11-27 places of the archive whose mark was seen") {
            try $0.execute(sql: "ALTER TABLE places ADD COLUMN marked INTEGER NOT NULL DEFAULT 0")
        },
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

    /// `removal` is `begun`, or `failed` until the next upkeep; `stuck` parts are not shipped before it.
    private static let removals = """
        ALTER TABLE parts ADD COLUMN removal TEXT;
        ALTER TABLE parts ADD COLUMN stuck INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX parts_by_age ON parts(stored_at, id) WHERE state = 'stored';
        CREATE INDEX parts_being_removed ON parts(id) WHERE removal IS NOT NULL;
        """

    /// Triggers count the usage, so that every change of a part is counted.
    private static let room = """
        ALTER TABLE parts ADD COLUMN ticket TEXT;
        ALTER TABLE parts ADD COLUMN shipped INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE parts ADD COLUMN wanted INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE parts ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE parts ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE abandoned_uploads (ticket TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE archive_usage (
            camera BLOB PRIMARY KEY,
            bytes INTEGER NOT NULL,
            objects INTEGER NOT NULL
        ) WITHOUT ROWID;
        INSERT INTO archive_usage SELECT camera, sum(size), count(*) FROM parts
            WHERE state IN ('uploading', 'sealed', 'stored') GROUP BY camera;
        CREATE TRIGGER parts_come AFTER INSERT ON parts WHEN NEW.state IN ('uploading', 'sealed', 'stored') BEGIN
            INSERT INTO archive_usage (camera, bytes, objects) VALUES (NEW.camera, NEW.size, 1)
                ON CONFLICT (camera) DO UPDATE SET bytes = bytes + excluded.bytes, objects = objects + 1;
        END;
        CREATE TRIGGER parts_change AFTER UPDATE OF size, state ON parts BEGIN
            UPDATE archive_usage SET bytes = bytes - OLD.size, objects = objects - 1
                WHERE camera = OLD.camera AND OLD.state IN ('uploading', 'sealed', 'stored');
            INSERT INTO archive_usage (camera, bytes, objects)
                SELECT NEW.camera, NEW.size, 1 WHERE NEW.state IN ('uploading', 'sealed', 'stored')
                ON CONFLICT (camera) DO UPDATE SET bytes = bytes + excluded.bytes, objects = objects + 1;
        END;
        CREATE TRIGGER parts_go AFTER DELETE ON parts WHEN OLD.state IN ('uploading', 'sealed', 'stored') BEGIN
            UPDATE archive_usage SET bytes = bytes - OLD.size, objects = objects - 1 WHERE camera = OLD.camera;
        END;
        """
}
