import Foundation
import GRDB
import GuardianCore

/// Entries that a node acknowledged and has no longer: it was restored from a backup, or another one stands in its place.
extension Outbox {
    /// Entries that one transaction returns, because new entries wait for it.
    private static let slice: Int64 = 2_000

    /// Returns how many entries of a chain were acknowledged and are not at the node. Entries are numbered without gaps from 1, so that
    /// those that neither wait nor were refused were acknowledged.
    public func lost(by holding: ChainHolding) async throws -> Int64 {
        try await store.read { database in
            guard let chain = try Self.row(of: holding.chain, in: database) else { return 0 }
            let newest = try EntryRow.newest(of: holding.chain, in: database)?.sequence ?? 0
            let others = try Int64.fetchOne(
                database,
                sql: """
                    SELECT (SELECT count(*) FROM outbox JOIN entries USING (position) WHERE chain = ?1)
                        + (SELECT count(*) FROM refused JOIN entries USING (position) WHERE chain = ?1)
                    """, arguments: [chain])
            return max(0, newest - (others ?? 0) - holding.stored)
        }
    }

    /// Puts entries of a chain into the outbox again which the node may lack, the newest first, and at most 2,000 of them.
    ///
    /// - Parameter below: only entries with a lower sequence; `nil`: from the newest on.
    /// - Returns: what to give as `below` next; `nil` when all are in the outbox.
    public func returnLost(of holding: ChainHolding, below: Int64?) async throws -> Int64? {
        let (added, next) = try await store.write { database -> (Int, Int64?) in
            guard let chain = try Self.row(of: holding.chain, in: database) else { return (0, nil) }
            let newest = try EntryRow.newest(of: holding.chain, in: database)?.sequence ?? 0
            let upper = min(newest, (below ?? .max) - 1)
            let lower = max(holding.through, upper - Self.slice)
            guard lower < upper else { return (0, nil) }
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO outbox (position, subject)
                    SELECT position, subject FROM entries
                    WHERE chain = ? AND sequence > ? AND sequence <= ?
                        AND position NOT IN (SELECT position FROM refused)
                    """, arguments: [chain, lower, upper])
            return (database.changesCount, lower > holding.through ? lower + 1 : nil)
        }
        add(added)
        return next
    }

    private static func row(of chain: ChainID, in database: Database) throws -> Int64? {
        try Int64.fetchOne(database, sql: "SELECT id FROM chains WHERE chain = ?", arguments: [chain.uuid])
    }
}
