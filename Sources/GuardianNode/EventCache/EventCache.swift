import Foundation
import GRDB
import GuardianCore
import GuardianJournal
import GuardianOperations
import GuardianStorage

/// A tenant's copy of its edges' journals: checked on arrival, stored once, projected to events, clips and coverage by
/// the same code as at the edge.
public final class EventCache: Sendable {
    let store: Store
    /// Queries over events, clips and coverage.
    public let catalogue: Catalogue
    private let watermark: Watermark
    private let clock: any WallClock

    /// Maximum rejected entries that are kept as evidence per tenant; further ones are only counted.
    static let rejectionLimit = 1_000
    /// Maximum bytes of the payloads of these entries.
    static let rejectionBytes = 8 << 20

    public init(path: String, clock: any WallClock = SystemClock()) throws {
        store = try Store(path: path, migrations: NodeSchema.migrations)
        catalogue = Catalogue(store: store)
        self.clock = clock
        watermark = Watermark(
            try store.readNow { try Int64.fetchOne($0, sql: "SELECT max(position) FROM entries") ?? 0 })
    }

    /// The highest position in the order of arrival; 0 before the first entry.
    public var position: Int64 { watermark.value }

    /// Returns the changes of events after a position in the order of arrival (`nil`: from now on), without end.
    public func changes(after position: Int64? = nil) -> JournalChanges {
        JournalChanges(store: store, watermark: watermark, after: position ?? watermark.value)
    }

    /// Stores entries, which may arrive in any order and repeatedly. Returns when all accepted ones are on the disk;
    /// the verdicts are in the entries' order.
    ///
    /// - Throws: only errors that concern all entries, such as a full disk; then none was stored.
    public func accept(_ entries: [JournalEntry], from key: DevicePublicKey) async throws -> [Verdict] {
        let checked = await Self.check(entries, key: key)
        let now = clock.now()
        let (verdicts, last) = try await store.write { database in
            var intake = Intake(key: key, at: now)
            let verdicts = try checked.map { try intake.store($0, in: database) }
            try intake.finish(in: database)
            return (verdicts, intake.lastPosition)
        }
        if let last { watermark.advance(to: last) }
        return verdicts
    }

    /// Verifies further links of a device's chains, a bounded number per call: delivery with the newest entries first
    /// leaves links unverified. Call until it returns `false`.
    public func verifyMore(of key: DevicePublicKey) async throws -> Bool {
        try await store.write { try ChainLinks.advanceAll(of: key, in: $0) }
    }

    /// Records that a device has connected, and the ends that it claims for its chains.
    ///
    /// - Returns: the highest entry that the node has of each.
    public func recordHello(
        _ claims: [ChainHead], from key: DevicePublicKey
    ) async throws -> [(head: ChainHead, holding: ChainHolding)] {
        let now = clock.now()
        return try await store.write { database in
            try claims.map { claim in
                let origin = try Projection.origin(device: key, chain: claim.chain, in: database)
                try origin.recordContact(at: now, in: database)
                try database.execute(
                    sql: """
                        INSERT INTO chain_states (chain, claimed) VALUES (?1, ?2)
                        ON CONFLICT (chain) DO UPDATE SET claimed = excluded.claimed
                        """, arguments: [origin.row, claim.sequence])
                let highest = try EntryRow.newest(of: claim.chain, in: database)
                let head = ChainHead(chain: claim.chain, sequence: highest?.sequence ?? 0, hash: highest?.hash)
                return (head, try Self.holding(of: claim.chain, row: origin.row, in: database))
            }
        }
    }

    /// Counts only what is not verified yet: all entries before that are stored.
    private static func holding(of chain: ChainID, row: Int64, in database: Database) throws -> ChainHolding {
        let through = try Int64.fetchOne(
            database, sql: "SELECT verified_through FROM chain_states WHERE chain = ?", arguments: [row])
        let later = try Int64.fetchOne(
            database, sql: "SELECT count(*) FROM entries WHERE chain = ? AND sequence > ?",
            arguments: [row, through ?? 0])
        return ChainHolding(chain: chain, stored: (through ?? 0) + (later ?? 0), through: through ?? 0)
    }

    /// Closes the file.
    public func close() throws { try store.close() }

    /// Checks entries, many of them on all cores: signatures are the most expensive step.
    private static func check(_ entries: [JournalEntry], key: DevicePublicKey) async -> [CheckedEntry] {
        let sliceSize = 8
        guard entries.count > sliceSize else { return entries.map { CheckedEntry($0, key: key) } }
        return await withTaskGroup(of: (Int, [CheckedEntry]).self) { group in
            for start in stride(from: 0, to: entries.count, by: sliceSize) {
                let slice = entries[start..<min(start + sliceSize, entries.count)]
                group.addTask { (start, slice.map { CheckedEntry($0, key: key) }) }
            }
            var checked: [(Int, [CheckedEntry])] = []
            for await slice in group { checked.append(slice) }
            return checked.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }
}
