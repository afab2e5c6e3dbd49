import Foundation
import GRDB
import GuardianCore
import GuardianJournal

/// Stores one batch of entries within one transaction.
struct Intake {
    private let key: DevicePublicKey
    private let time: Timestamp
    private var chains: [ChainID: KnownChain] = [:]
    /// The highest position that was assigned; `nil` when nothing was stored.
    private(set) var lastPosition: Int64?

    private struct KnownChain {
        let origin: Projection.Origin
        var highest: Int64
        var links: ChainLinks
        var rejected = 0
    }

    init(key: DevicePublicKey, at time: Timestamp) {
        self.key = key
        self.time = time
    }

    mutating func store(_ checked: CheckedEntry, in database: Database) throws -> Verdict {
        let entry = checked.entry
        let content: JournalContent
        switch checked.outcome {
        case .success(let value): content = value
        case .failure(let refusal): return try reject(entry, refusal.kind, refusal.reason, in: database)
        }
        let (origin, highest): (Projection.Origin, Int64)
        do { (origin, highest) = try chain(entry.chain, in: database) } catch let error as GuardianError
            where error.code == .permissionDenied
        {
            return try reject(entry, .foreign, error.message, in: database)
        }
        if entry.sequence <= highest,
            let stored = try EntryRow.fetch(chain: entry.chain, sequence: entry.sequence, in: database)
        {
            if stored.payload == entry.payload { return .stored }
            return try reject(
                entry, .fork, "A different entry \(entry.sequence) of this chain is stored already.", in: database)
        }
        lastPosition = try Projection.store(entry, content, from: origin, at: time, in: database)
        chains[entry.chain]?.highest = max(highest, entry.sequence)
        chains[entry.chain]?.links.add(content, hash: entry.hash)
        return .stored
    }

    /// Writes the new states of the batch's chains.
    mutating func finish(in database: Database) throws {
        for var chain in chains.values {
            try chain.links.advance(chain.origin.chain, in: database)
            try database.cachedStatement(
                sql: """
                    UPDATE chain_states SET highest = ?, verified_through = ?, verified_hash = ?, broken_at = ?,
                        claimed = max(coalesce(claimed, 0), ?), rejected = rejected + ? WHERE chain = ?
                    """
            ).execute(arguments: [
                chain.highest, chain.links.through, chain.links.hash.map { Data($0.bytes) }, chain.links.brokenAt,
                chain.highest, chain.rejected, chain.origin.row,
            ])
            try chain.origin.recordContact(at: time, in: database)
        }
    }

    /// Returns only what `store` needs: a copy of the whole `KnownChain` would make the next change copy its links.
    private mutating func chain(
        _ id: ChainID, in database: Database
    ) throws -> (origin: Projection.Origin, highest: Int64) {
        if let known = chains[id] { return (known.origin, known.highest) }
        let origin = try Projection.origin(device: key, chain: id, in: database)
        try database.cachedStatement(sql: "INSERT OR IGNORE INTO chain_states (chain) VALUES (?)")
            .execute(arguments: [origin.row])
        let highest = try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT highest FROM chain_states WHERE chain = ?"),
            arguments: [origin.row])
        let known = KnownChain(
            origin: origin, highest: highest ?? 0, links: try ChainLinks(chainRow: origin.row, in: database))
        chains[id] = known
        return (known.origin, known.highest)
    }

    /// Returns whether a chain of this device with this id is stored already.
    private func isKnown(_ chain: ChainID, in database: Database) throws -> Bool {
        if chains[chain] != nil { return true }
        return try Int.fetchOne(
            database,
            sql: "SELECT 1 FROM chains JOIN devices ON devices.id = chains.device WHERE chain = ? AND key = ?",
            arguments: [chain.uuid, Data(key.bytes)]) != nil
    }

    private mutating func reject(
        _ entry: JournalEntry, _ kind: RejectionReport.Kind, _ reason: String, in database: Database
    ) throws -> Verdict {
        // A forged entry must not create the chain that it names: it only leaves a rejection.
        if try isKnown(entry.chain, in: database) {
            _ = try chain(entry.chain, in: database)
            chains[entry.chain]?.rejected += 1
        }
        let recorded = try Int.fetchOne(
            database,
            sql: "SELECT 1 FROM rejections WHERE chain = ? AND kind = ? AND sequence = ? AND payload = ?",
            arguments: [entry.chain.uuid, kind.rawValue, entry.sequence, Data(entry.payload)])
        let kept = try Row.fetchOne(
            try database.cachedStatement(
                sql: "SELECT count(*) AS count, coalesce(sum(length(payload)), 0) AS bytes FROM rejections"))
        let (count, bytes): (Int, Int) = (kept?["count"] ?? 0, kept?["bytes"] ?? 0)
        if recorded == nil, count < EventCache.rejectionLimit,
            bytes + entry.payload.count <= EventCache.rejectionBytes, entry.payload.count <= JournalLimits.payload
        {
            try database.execute(
                sql: """
                    INSERT INTO rejections (device, chain, sequence, at, kind, reason, payload, signature)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    Data(key.bytes), entry.chain.uuid, entry.sequence, time.milliseconds, kind.rawValue, reason,
                    Data(entry.payload), Data(entry.signature),
                ])
        }
        return .refused(kind, reason)
    }
}
