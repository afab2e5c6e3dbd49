import GuardianJournal
import GuardianStorage

/// A tenant's tables: the journal's, the state of each chain, and the archive's.
enum NodeSchema {
    /// In the order in which they were written; released ones never change.
    static let migrations: [Migration] =
        JournalSchema.migrations + [
            Migration("2026-11-24 chains at the node") { try $0.execute(sql: chains) }
        ] + ArchiveSchema.migrations

    private static let chains = """
        CREATE TABLE chain_states (
            chain INTEGER PRIMARY KEY REFERENCES chains(id),
            highest INTEGER NOT NULL DEFAULT 0,
            verified_through INTEGER NOT NULL DEFAULT 0,
            verified_hash BLOB,
            broken_at INTEGER,
            claimed INTEGER,
            rejected INTEGER NOT NULL DEFAULT 0
        );
        CREATE TABLE sightings (
            device INTEGER PRIMARY KEY REFERENCES devices(id),
            at INTEGER NOT NULL
        );
        CREATE TABLE rejections (
            id INTEGER PRIMARY KEY,
            device BLOB NOT NULL,
            chain BLOB NOT NULL,
            sequence INTEGER NOT NULL,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            reason TEXT NOT NULL,
            payload BLOB NOT NULL,
            signature BLOB NOT NULL
        );
        CREATE INDEX rejections_by_chain ON rejections(chain, kind, sequence);
        """
}
