import Foundation
import GRDB
import GuardianCore
import GuardianJournal

/// Verifies a chain's links from its first entry on, as far as every entry is present and holds the hash of the one
/// before.
struct ChainLinks {
    private(set) var through: Int64
    private(set) var hash: Hash256?
    /// The first entry whose `previous` is not the hash of the one before it: nothing after it can be verified.
    private(set) var brokenAt: Int64?
    /// The links of the current batch, so that they need not be read from the table.
    private var batch: [Int64: (previous: Hash256?, hash: Hash256)] = [:]

    /// Maximum entries that one transaction reads from the table, because new entries wait for it.
    private static let budget = 250

    init(chainRow: Int64, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "SELECT verified_through, verified_hash, broken_at FROM chain_states WHERE chain = ?")
        let row = try Row.fetchOne(statement, arguments: [chainRow])
        through = row?["verified_through"] ?? 0
        hash = (row?["verified_hash"] as Data?).flatMap { Hash256(bytes: $0) }
        brokenAt = row?["broken_at"]
    }

    mutating func add(_ content: JournalContent, hash: Hash256) {
        batch[content.sequence] = (content.previous, hash)
    }

    /// Verifies links until an entry is missing or the budget is used up.
    ///
    /// - Returns: whether the budget was used up.
    @discardableResult
    mutating func advance(_ chain: ChainID, in database: Database) throws -> Bool {
        var budget = Self.budget
        while brokenAt == nil {
            let next = through + 1
            let link: (previous: Hash256?, hash: Hash256)
            if let known = batch.removeValue(forKey: next) {
                link = known
            } else {
                guard let entry = try EntryRow.fetch(chain: chain, sequence: next, in: database) else { return false }
                guard budget > 0 else { return true }
                budget -= 1
                guard let content = try? entry.content() else {
                    // Stored by a version that took it: nothing after it can be verified, but all can be delivered.
                    brokenAt = next
                    return false
                }
                link = (content.previous, entry.hash)
            }
            guard link.previous == hash else {
                brokenAt = next
                return false
            }
            through = next
            hash = link.hash
        }
        return false
    }

    /// Verifies further links of every chain of a device.
    ///
    /// - Returns: whether there is more to do.
    static func advanceAll(of key: DevicePublicKey, in database: Database) throws -> Bool {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT chains.id AS id, chains.chain AS chain FROM chains
                JOIN devices ON devices.id = chains.device JOIN chain_states ON chain_states.chain = chains.id
                WHERE devices.key = ? AND verified_through < highest AND broken_at IS NULL
                """, arguments: [Data(key.bytes)])
        var more = false
        for row in rows {
            var links = try ChainLinks(chainRow: row["id"], in: database)
            let before = links.through
            if try links.advance(ChainID(row["chain"] as UUID), in: database) { more = true }
            guard links.through > before || links.brokenAt != nil else { continue }
            try database.execute(
                sql: "UPDATE chain_states SET verified_through = ?, verified_hash = ?, broken_at = ? WHERE chain = ?",
                arguments: [links.through, links.hash.map { Data($0.bytes) }, links.brokenAt, row["id"] as Int64])
        }
        return more
    }
}

extension Projection.Origin {
    /// Records when the device last connected or sent entries.
    func recordContact(at time: Timestamp, in database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO sightings (device, at) VALUES (?, ?)
                ON CONFLICT (device) DO UPDATE SET at = max(at, excluded.at)
                """
        ).execute(arguments: [deviceRow, time.milliseconds])
    }
}
