import Foundation
import GRDB
import GuardianCore

/// Reads entries from their table.
public enum EntryRow {
    /// Returns the entries of a chain after a sequence, oldest first.
    public static func fetch(
        chain: ChainID, after sequence: Int64, limit: Int, in database: Database
    ) throws -> [JournalEntry] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT sequence, payload, signature FROM entries
                WHERE chain = (SELECT id FROM chains WHERE chain = ?) AND sequence > ? ORDER BY sequence LIMIT ?
                """)
        return try Row.fetchAll(statement, arguments: [chain.uuid, sequence, limit]).map { entry($0, chain: chain) }
    }

    /// Returns the entry of a chain with a sequence.
    public static func fetch(chain: ChainID, sequence: Int64, in database: Database) throws -> JournalEntry? {
        try fetch(chain: chain, after: sequence - 1, limit: 1, in: database).first { $0.sequence == sequence }
    }

    /// Returns the entry of a chain with the highest sequence.
    public static func newest(of chain: ChainID, in database: Database) throws -> JournalEntry? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT sequence, payload, signature FROM entries
                WHERE chain = (SELECT id FROM chains WHERE chain = ?) ORDER BY sequence DESC LIMIT 1
                """)
        return try Row.fetchOne(statement, arguments: [chain.uuid]).map { entry($0, chain: chain) }
    }

    static func entry(_ row: Row, chain: ChainID) -> JournalEntry {
        JournalEntry(
            chain: chain, sequence: row["sequence"], payload: Array(row["payload"] as Data),
            signature: Array(row["signature"] as Data))
    }
}
