import GRDB
import GuardianCore

/// One change of a database's schema: named by its date and purpose, run once, never changed after it was released.
public struct Migration: Sendable {
    /// `2026-11-24 journal`: sorts by the day it was written.
    public let name: String
    let apply: @Sendable (Database) throws -> Void

    public init(_ name: String, apply: @escaping @Sendable (Database) throws -> Void) {
        self.name = name
        self.apply = apply
    }
}

extension [Migration] {
    /// The migrations as GRDB's migrator; each runs in a transaction of its own, with foreign keys checked at its end.
    var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for migration in self {
            migrator.registerMigration(migration.name) { try migration.apply($0) }
        }
        return migrator
    }
}
