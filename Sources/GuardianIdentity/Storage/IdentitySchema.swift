import GuardianStorage

/// The tables of `identity.sqlite`.
enum IdentitySchema {
    static let migrations = [
        Migration("2026-11-26 accounts") { try $0.execute(sql: accounts) },
        Migration("2026-11-26 sessions and tokens") { try $0.execute(sql: credentials) },
        Migration("2026-11-26 second factors") { try $0.execute(sql: secondFactors) },
        Migration("2026-11-26 audit") { try $0.execute(sql: audit) },
        Migration("2026-11-26 generation of access") { try $0.execute(sql: generation) },
        Migration("2026-11-26 login links") { try $0.execute(sql: links) },
        Migration("2026-11-26 passkeys") { try $0.execute(sql: passkeys) },
        Migration("2026-11-26 server keys") { try $0.execute(sql: keys) },
        Migration("2026-11-27 makers of tokens") { try $0.execute(sql: makers) },
    ]

    private static let accounts = """
        CREATE TABLE accounts (
            id BLOB PRIMARY KEY,
            name TEXT NOT NULL,
            name_key TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL CHECK (role IN ('owner', 'member', 'viewer')),
            disabled INTEGER NOT NULL DEFAULT 0,
            password TEXT NOT NULL,
            password_changed_at INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            changed_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE account_cameras (
            account BLOB NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
            camera BLOB NOT NULL,
            PRIMARY KEY (account, camera)
        ) WITHOUT ROWID;
        CREATE TABLE known_places (
            account BLOB NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
            place TEXT NOT NULL,
            seen_at INTEGER NOT NULL,
            PRIMARY KEY (account, place)
        ) WITHOUT ROWID;
        CREATE TABLE setup (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            secret BLOB NOT NULL,
            created_at INTEGER NOT NULL
        );
        CREATE TABLE password_cost (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            passes INTEGER NOT NULL,
            memory INTEGER NOT NULL,
            measured_at INTEGER NOT NULL
        );
        """

    private static let credentials = """
        CREATE TABLE sessions (
            id BLOB PRIMARY KEY,
            account BLOB NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
            secret BLOB NOT NULL UNIQUE,
            remembered INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            last_seen_at INTEGER NOT NULL,
            idle_limit INTEGER NOT NULL,
            ends_at INTEGER NOT NULL,
            address TEXT NOT NULL,
            agent TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX sessions_by_account ON sessions(account, last_seen_at);
        CREATE TABLE tokens (
            id BLOB PRIMARY KEY,
            account BLOB NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            secret BLOB NOT NULL UNIQUE,
            scope TEXT NOT NULL,
            all_cameras INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            ends_at INTEGER,
            last_used_at INTEGER
        ) WITHOUT ROWID;
        CREATE INDEX tokens_by_account ON tokens(account, id);
        CREATE TABLE token_cameras (
            token BLOB NOT NULL REFERENCES tokens(id) ON DELETE CASCADE,
            camera BLOB NOT NULL,
            PRIMARY KEY (token, camera)
        ) WITHOUT ROWID;
        """

    /// `last_step` is the newest time step whose code was used.
    private static let secondFactors = """
        CREATE TABLE second_factors (
            account BLOB PRIMARY KEY REFERENCES accounts(id) ON DELETE CASCADE,
            secret BLOB NOT NULL,
            confirmed_at INTEGER,
            last_step INTEGER NOT NULL DEFAULT -1
        ) WITHOUT ROWID;
        CREATE TABLE recovery_codes (
            account BLOB NOT NULL REFERENCES second_factors(account) ON DELETE CASCADE,
            code BLOB NOT NULL,
            PRIMARY KEY (account, code)
        ) WITHOUT ROWID;
        """

    private static let audit = """
        CREATE TABLE audit (
            sequence INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            payload BLOB NOT NULL,
            hash BLOB NOT NULL,
            signature BLOB
        );
        """

    private static let links = """
        CREATE TABLE login_links (
            account BLOB PRIMARY KEY REFERENCES accounts(id) ON DELETE CASCADE,
            secret BLOB NOT NULL UNIQUE,
            created_at INTEGER NOT NULL,
            ends_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        """

    /// `host` is what the passkey is bound to; `counter` is of its newest signature.
    private static let passkeys = """
        CREATE TABLE passkeys (
            id BLOB PRIMARY KEY,
            account BLOB NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            host TEXT NOT NULL,
            credential BLOB NOT NULL UNIQUE,
            public_key BLOB NOT NULL,
            counter INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            last_used_at INTEGER
        ) WITHOUT ROWID;
        CREATE INDEX passkeys_by_account ON passkeys(account, id);
        """

    private static let keys = """
        CREATE TABLE server_keys (
            purpose TEXT PRIMARY KEY,
            key BLOB NOT NULL
        ) WITHOUT ROWID;
        """

    /// `maker`: whose session or token made the token; `NULL` for root, and for those that were made before this was recorded. `parent`: the
    /// token that made it, with which it goes.
    private static let makers = """
        ALTER TABLE tokens ADD COLUMN maker BLOB;
        ALTER TABLE tokens ADD COLUMN parent BLOB REFERENCES tokens(id) ON DELETE CASCADE;
        CREATE INDEX tokens_by_parent ON tokens(parent);
        """

    /// A number that grows with every change that may take a right from somebody. Triggers count, so that no change is
    /// forgotten, also not one by another process.
    private static let generation = """
        CREATE TABLE access_generation (id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL);
        INSERT INTO access_generation VALUES (1, 0);
        CREATE TRIGGER accounts_change AFTER UPDATE OF role, disabled ON accounts BEGIN
            UPDATE access_generation SET value = value + 1;
        END;
        CREATE TRIGGER accounts_go AFTER DELETE ON accounts BEGIN
            UPDATE access_generation SET value = value + 1;
        END;
        CREATE TRIGGER account_cameras_go AFTER DELETE ON account_cameras BEGIN
            UPDATE access_generation SET value = value + 1;
        END;
        CREATE TRIGGER account_cameras_come AFTER INSERT ON account_cameras BEGIN
            UPDATE access_generation SET value = value + 1;
        END;
        CREATE TRIGGER sessions_go AFTER DELETE ON sessions BEGIN
            UPDATE access_generation SET value = value + 1;
        END;
        CREATE TRIGGER tokens_go AFTER DELETE ON tokens BEGIN
            UPDATE access_generation SET value = value + 1;
        END;
        """
}
