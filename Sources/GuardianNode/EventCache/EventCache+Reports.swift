import Foundation
import GRDB
import GuardianCore
import GuardianJournal

extension EventCache {
    /// Reports how complete each edge's chains are at this node.
    ///
    /// - Parameter connected: the devices that are connected now.
    public func edges(connected: Set<Hash256>) async throws -> [EdgeReport] {
        try await store.read { database in
            let devices = try Row.fetchAll(
                database,
                sql: """
                    SELECT devices.id AS id, key, at FROM devices LEFT JOIN sightings ON sightings.device = devices.id
                    ORDER BY devices.id
                    """)
            return try devices.compactMap { row in
                guard let key = DevicePublicKey(bytes: Array(row["key"] as Data)) else { return nil }
                let seen: Int64? = row["at"]
                return EdgeReport(
                    deviceKey: key.text, fingerprint: key.fingerprint, connected: connected.contains(key.fingerprint),
                    lastSeenAt: seen.map { Timestamp(milliseconds: $0).rfc3339 },
                    chains: try Self.chains(of: row["id"], in: database))
            }
        }
    }

    private static func chains(of device: Int64, in database: Database) throws -> [ChainReport] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT chains.id AS id, chains.chain AS chain, highest, verified_through, broken_at, claimed, rejected
                FROM chains JOIN chain_states ON chain_states.chain = chains.id
                WHERE chains.device = ? ORDER BY chains.id
                """, arguments: [device])
        return try rows.map { row in
            let chain = ChainID(row["chain"] as UUID)
            let highest: Int64 = row["highest"]
            let through: Int64 = row["verified_through"]
            let claimed: Int64? = row["claimed"]
            let newest = try EntryRow.newest(of: chain, in: database)
            return ChainReport(
                chain: chain, verifiedThrough: through, highest: highest, highestHash: newest?.hash, claimed: claimed,
                missingTail: max(0, (claimed ?? 0) - highest),
                gaps: try gaps(of: row["id"], after: through, in: database), brokenAt: row["broken_at"],
                forks: try forks(of: chain, in: database), rejected: row["rejected"],
                lastRejection: try lastRejection(of: chain, in: database))
        }
    }

    /// Returns the ranges of missing sequences after the verified ones; before these, none is missing.
    private static func gaps(of chain: Int64, after through: Int64, in database: Database) throws -> [SequenceRange] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT before + 1 AS first, sequence - 1 AS last FROM (
                    SELECT sequence, lag(sequence, 1, ?2) OVER (ORDER BY sequence) AS before FROM entries
                    WHERE chain = ?1 AND sequence > ?2)
                WHERE sequence > before + 1 ORDER BY sequence LIMIT 100
                """, arguments: [chain, through]
        ).map { SequenceRange(first: $0["first"], last: $0["last"]) }
    }

    private static func forks(of chain: ChainID, in database: Database) throws -> [Int64] {
        try Int64.fetchAll(
            database,
            sql:
                "SELECT DISTINCT sequence FROM rejections WHERE chain = ? AND kind = 'fork' ORDER BY sequence LIMIT 100",
            arguments: [chain.uuid])
    }

    private static func lastRejection(of chain: ChainID, in database: Database) throws -> RejectionReport? {
        let row = try Row.fetchOne(
            database,
            sql: "SELECT sequence, kind, reason, at FROM rejections WHERE chain = ? ORDER BY id DESC LIMIT 1",
            arguments: [chain.uuid])
        guard let row, let kind = RejectionReport.Kind(rawValue: row["kind"]) else { return nil }
        return RejectionReport(
            sequence: row["sequence"], kind: kind, reason: row["reason"],
            at: Timestamp(milliseconds: row["at"]).rfc3339)
    }
}
