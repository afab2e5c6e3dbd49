import GuardianStorage

/// The tables of `telemetry.sqlite`, at an edge and at a node.
enum TelemetrySchema {
    /// In the order in which they were written; released ones never change.
    static let migrations: [Migration] = [
        Migration("2026-11-28 telemetry") { try $0.execute(sql: first) }
    ]

    /// `received` has the seconds of a device's samples, so that none counts twice. `waiting` has an edge's samples for its node.
    private static let first = """
        CREATE TABLE devices (
            id INTEGER PRIMARY KEY,
            fingerprint BLOB NOT NULL UNIQUE
        );
        CREATE TABLE series (
            id INTEGER PRIMARY KEY,
            device INTEGER NOT NULL REFERENCES devices(id),
            metric TEXT NOT NULL,
            camera BLOB NOT NULL,
            UNIQUE (device, metric, camera)
        );
        CREATE TABLE received (
            device INTEGER NOT NULL REFERENCES devices(id),
            second INTEGER NOT NULL,
            PRIMARY KEY (device, second)
        ) WITHOUT ROWID;
        CREATE INDEX received_by_second ON received(second);
        CREATE TABLE rollups (
            level INTEGER NOT NULL,
            series INTEGER NOT NULL REFERENCES series(id),
            start INTEGER NOT NULL,
            count INTEGER NOT NULL,
            sum INTEGER NOT NULL,
            min INTEGER NOT NULL,
            max INTEGER NOT NULL,
            last INTEGER NOT NULL,
            last_at INTEGER NOT NULL,
            PRIMARY KEY (level, series, start)
        ) WITHOUT ROWID;
        CREATE TABLE waiting (
            at INTEGER PRIMARY KEY,
            sample BLOB NOT NULL
        );
        """
}
