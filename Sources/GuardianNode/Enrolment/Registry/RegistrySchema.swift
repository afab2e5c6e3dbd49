import GuardianStorage

/// The tables of `registry.sqlite`.
enum RegistrySchema {
    /// In the order in which they were written; released ones never change.
    static let migrations: [Migration] = [
        Migration("2026-11-27 tenants, codes and devices") { try $0.execute(sql: tables) }
    ]

    /// Triggers count what may take a right from a device, so that no change is forgotten, also not one by another process.
    private static let tables = """
        CREATE TABLE tenants (
            name TEXT PRIMARY KEY,
            created_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        INSERT INTO tenants VALUES ('home', 0);

        CREATE TABLE codes (
            prefix TEXT PRIMARY KEY,
            tenant TEXT NOT NULL REFERENCES tenants(name),
            secret BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            ends_at INTEGER NOT NULL,
            used_at INTEGER,
            used_by BLOB,
            used_from TEXT,
            late INTEGER NOT NULL DEFAULT 0,
            late_at INTEGER,
            late_by BLOB,
            late_from TEXT
        ) WITHOUT ROWID;
        CREATE INDEX codes_by_tenant ON codes(tenant, created_at);

        CREATE TABLE devices (
            fingerprint BLOB PRIMARY KEY,
            tenant TEXT REFERENCES tenants(name),
            state TEXT NOT NULL,
            name TEXT NOT NULL,
            address TEXT NOT NULL,
            asked_at INTEGER NOT NULL,
            changed_at INTEGER NOT NULL,
            certificate_ends_at INTEGER
        ) WITHOUT ROWID;
        CREATE INDEX devices_by_tenant ON devices(tenant);
        CREATE INDEX devices_by_state ON devices(state, asked_at);

        CREATE TABLE generation (id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL);
        INSERT INTO generation VALUES (1, 0);
        CREATE TRIGGER devices_change AFTER UPDATE OF state, tenant ON devices BEGIN
            UPDATE generation SET value = value + 1;
        END;
        CREATE TRIGGER devices_go AFTER DELETE ON devices BEGIN
            UPDATE generation SET value = value + 1;
        END;
        CREATE TRIGGER tenants_come AFTER INSERT ON tenants BEGIN
            UPDATE generation SET value = value + 1;
        END;
        """
}
