import GRDB
import GuardianCore

/// Reads and writes tenants.
enum TenantRows {
    static func exists(_ name: TenantName, in database: Database) throws -> Bool {
        try Int.fetchOne(database, sql: "SELECT 1 FROM tenants WHERE name = ?", arguments: [name.text]) != nil
    }

    static func count(in database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM tenants") ?? 0
    }

    static func insert(_ name: TenantName, at now: Timestamp, in database: Database) throws {
        try database.execute(
            sql: "INSERT INTO tenants (name, created_at) VALUES (?, ?)", arguments: [name.text, now.milliseconds])
    }

    static func all(in database: Database) throws -> [TenantName] {
        try String.fetchAll(database, sql: "SELECT name FROM tenants ORDER BY name").compactMap { TenantName($0) }
    }
}
