import GRDB
import GuardianStorage

/// The tables of the journal and its catalogue, the same at the edge and at the node.
public enum JournalSchema {
    /// In the order in which they were written. Released ones never change; new ones are appended.
    public static let migrations: [Migration] = [
        Migration("2026-11-24 journal") { database in
            try database.execute(sql: journal)
            try database.execute(sql: projections)
        },
        Migration("2026-11-24 outbox") { try $0.execute(sql: outbox) },
        Migration("2026-11-24 kept events") { try $0.execute(sql: keeps) },
        Migration("2026-11-24 entries by what they are about") { try $0.execute(sql: subjects) },
        Migration("2026-11-26 places") { try $0.execute(sql: places) },
        Migration("2026-11-26 clips on the disk") { try $0.execute(sql: clipsOnDisk) },
        Migration("2026-11-26 continuous clips") { try $0.execute(sql: continuousClips) },
        Migration("2026-11-27 deletion for age") { try $0.execute(sql: ages) },
    ]

    /// Why clips expired; and how far the journal was at the first believed time of each day, at an edge: what was written later
    /// is younger, whatever date a wrong clock gave it.
    private static let ages = """
        ALTER TABLE tombstones ADD COLUMN cause TEXT;
        CREATE TABLE believed_days (
            at INTEGER NOT NULL PRIMARY KEY,
            position INTEGER NOT NULL
        ) WITHOUT ROWID;
        """

    /// Clips by their kind, and the bytes of the continuous ones, of which retention keeps only a share.
    private static let continuousClips = """
        ALTER TABLE clips ADD COLUMN continuous INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX clips_left ON clips(started_at, id) WHERE removed = 0;
        CREATE INDEX clips_continuous ON clips(started_at, id) WHERE removed = 0 AND continuous = 1;
        ALTER TABLE clip_totals ADD COLUMN continuous_bytes INTEGER NOT NULL DEFAULT 0;
        CREATE TRIGGER continuous_clip_inserted AFTER INSERT ON clips
            WHEN NEW.removed = 0 AND NEW.state <> 'recording' AND NEW.continuous = 1 BEGIN
            UPDATE clip_totals SET continuous_bytes = continuous_bytes + NEW.size;
        END;
        CREATE TRIGGER continuous_clip_updated AFTER UPDATE OF removed, state, size, continuous ON clips
            WHEN NEW.continuous = 1 OR OLD.continuous = 1 BEGIN
            UPDATE clip_totals SET continuous_bytes = continuous_bytes
                + (NEW.removed = 0 AND NEW.state <> 'recording' AND NEW.continuous = 1) * NEW.size
                - (OLD.removed = 0 AND OLD.state <> 'recording' AND OLD.continuous = 1) * OLD.size;
        END;
        """

    /// Clips that were not deleted have an index and totals of their own, so that making room and the status cost the same
    /// after years. The triggers keep the totals whatever writes the rows.
    private static let clipsOnDisk = """
        ALTER TABLE clips ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
        UPDATE clips SET removed = 1 WHERE id IN (SELECT subject FROM tombstones WHERE kind = 'clip');
        CREATE INDEX clips_on_disk ON clips(started_at, id) WHERE removed = 0 AND state <> 'recording';
        CREATE TABLE clip_totals (
            clips INTEGER NOT NULL,
            bytes INTEGER NOT NULL
        );
        INSERT INTO clip_totals
            SELECT count(*), coalesce(sum(size), 0) FROM clips WHERE removed = 0 AND state <> 'recording';
        CREATE TRIGGER clip_inserted AFTER INSERT ON clips WHEN NEW.removed = 0 AND NEW.state <> 'recording' BEGIN
            UPDATE clip_totals SET clips = clips + 1, bytes = bytes + NEW.size;
        END;
        CREATE TRIGGER clip_updated AFTER UPDATE OF removed, state, size ON clips BEGIN
            UPDATE clip_totals SET
                clips = clips + (NEW.removed = 0 AND NEW.state <> 'recording')
                    - (OLD.removed = 0 AND OLD.state <> 'recording'),
                bytes = bytes + (NEW.removed = 0 AND NEW.state <> 'recording') * NEW.size
                    - (OLD.removed = 0 AND OLD.state <> 'recording') * OLD.size;
        END;
        CREATE TRIGGER clip_deleted AFTER INSERT ON tombstones WHEN NEW.kind = 'clip' BEGIN
            UPDATE clips SET removed = 1 WHERE id = NEW.subject AND removed = 0;
        END;
        """

    /// The identities of the folders that hold the files which entries name.
    private static let places = """
        CREATE TABLE folders (
            name TEXT NOT NULL PRIMARY KEY,
            id BLOB NOT NULL
        ) WITHOUT ROWID;
        """

    /// The index includes the rowid, which is the position, so that it also returns the newest entry first.
    private static let subjects = """
        CREATE INDEX entries_by_subject ON entries(subject) WHERE subject IS NOT NULL;
        """

    /// `entries.position` is the order of arrival here; at an edge with one chain it equals the sequence. `subject` is
    /// the event or clip that an entry is about.
    private static let journal = """
        CREATE TABLE devices (
            id INTEGER PRIMARY KEY,
            key BLOB NOT NULL UNIQUE
        );
        CREATE TABLE chains (
            id INTEGER PRIMARY KEY,
            chain BLOB NOT NULL UNIQUE,
            device INTEGER NOT NULL REFERENCES devices(id)
        );
        CREATE INDEX chains_by_device ON chains(device);
        CREATE TABLE entries (
            position INTEGER PRIMARY KEY,
            chain INTEGER NOT NULL REFERENCES chains(id),
            sequence INTEGER NOT NULL,
            stored_at INTEGER NOT NULL,
            subject BLOB,
            payload BLOB NOT NULL,
            signature BLOB NOT NULL,
            UNIQUE (chain, sequence)
        );
        """

    /// A row names the newest entry of its event or clip; columns that no query filters by are read from the entry.
    /// `chain` and `sequence` decide which of two entries is newer: chains' ids are UUIDv7, so a later chain wins.
    private static let projections = """
        CREATE TABLE events (
            id BLOB NOT NULL PRIMARY KEY,
            device INTEGER NOT NULL,
            chain BLOB NOT NULL,
            sequence INTEGER NOT NULL,
            position INTEGER NOT NULL,
            camera BLOB NOT NULL,
            label TEXT NOT NULL,
            state TEXT NOT NULL,
            started_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX events_by_time ON events(started_at, id);
        CREATE INDEX events_by_camera ON events(camera, started_at, id);
        CREATE INDEX events_by_label ON events(label, started_at, id);
        CREATE INDEX events_open ON events(id) WHERE state = 'open';

        CREATE TABLE clips (
            id BLOB NOT NULL PRIMARY KEY,
            device INTEGER NOT NULL,
            chain BLOB NOT NULL,
            sequence INTEGER NOT NULL,
            position INTEGER NOT NULL,
            camera BLOB NOT NULL,
            state TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            size INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX clips_by_time ON clips(started_at, id);
        CREATE INDEX clips_by_camera ON clips(camera, started_at, id);
        CREATE INDEX clips_open ON clips(id) WHERE state = 'recording';

        CREATE TABLE event_clips (
            event BLOB NOT NULL,
            clip BLOB NOT NULL,
            PRIMARY KEY (clip, event)
        ) WITHOUT ROWID;

        CREATE TABLE coverage (
            device INTEGER NOT NULL,
            family INTEGER NOT NULL,
            camera BLOB NOT NULL,
            at INTEGER NOT NULL,
            chain BLOB NOT NULL,
            sequence INTEGER NOT NULL,
            change TEXT NOT NULL,
            reason TEXT,
            PRIMARY KEY (device, family, camera, at, chain, sequence)
        ) WITHOUT ROWID;

        CREATE TABLE tombstones (
            subject BLOB NOT NULL,
            kind TEXT NOT NULL,
            reason TEXT NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (subject, kind)
        ) WITHOUT ROWID;
        """

    /// The newest keep of each event. Kept events are few, so that lists of them start with this table.
    private static let keeps = """
        CREATE TABLE keeps (
            event BLOB NOT NULL PRIMARY KEY,
            device INTEGER NOT NULL,
            chain BLOB NOT NULL,
            sequence INTEGER NOT NULL,
            kept INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX keeps_in_force ON keeps(event) WHERE kept = 1;
        """

    /// The entries that the node has not acknowledged, and the deliveries of those that it has. Only the edge fills
    /// these.
    private static let outbox = """
        CREATE TABLE outbox (
            position INTEGER PRIMARY KEY,
            subject BLOB,
            attempts INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX outbox_by_subject ON outbox(subject) WHERE subject IS NOT NULL;
        CREATE TABLE deliveries (
            subject BLOB NOT NULL PRIMARY KEY,
            attempts INTEGER NOT NULL,
            began_at INTEGER NOT NULL,
            first_acknowledged_at INTEGER NOT NULL,
            acknowledged_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE refused (
            position INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            reason TEXT NOT NULL
        );
        CREATE TABLE marks (
            name TEXT NOT NULL PRIMARY KEY,
            value INTEGER NOT NULL
        ) WITHOUT ROWID;
        """
}
