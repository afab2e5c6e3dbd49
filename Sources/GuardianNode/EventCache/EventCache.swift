import Foundation
import GRDB
import GuardianCore
import GuardianJournal
import GuardianStorage

/// A tenant's copy of its edges' journals: checked on arrival, stored once, projected to events, clips and coverage by
/// the same code as at the edge.
public final class EventCache: Sendable {
    let store: Store
    /// What can be asked.
    public let catalogue: Catalogue
    private let watermark: Watermark
    private let clock: any WallClock

    /// Rejected entries kept as evidence, per tenant; beyond them they are only counted.
    static let rejectionLimit = 1_000

    public init(path: String, clock: any WallClock = SystemClock()) throws {
        store = try Store(path: path, migrations: NodeSchema.migrations)
        catalogue = Catalogue(store: store)
        self.clock = clock
        watermark = Watermark(
            try store.readNow { try Int64.fetchOne($0, sql: "SELECT max(position) FROM entries") ?? 0 })
    }

    /// The newest place in the order of arrival; 0 before the first entry.
    public var position: Int64 { watermark.value }

    /// Changes of events after a position in the order of arrival (`nil`: from now on), without end.
    public func changes(after position: Int64? = nil) -> JournalChanges {
        JournalChanges(store: store, watermark: watermark, after: position ?? watermark.value)
    }

    /// Takes entries in any order, any number of times. Returns when all that were taken are on the disk; the answers
    /// stand in the entries' order.
    ///
    /// - Throws: only what concerns all of them, such as a full disk; then none was taken.
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

    /// Goes on checking the links of a device's chains where newest-first arrival left them open, a bounded number at a
    /// time. Call until it returns `false`.
    public func verifyMore(of key: DevicePublicKey) async throws -> Bool {
        try await store.write { try ChainLinks.advanceAll(of: key, in: $0) }
    }

    /// Notes that a device is there and how far it says its chains go.
    ///
    /// - Returns: the highest entry that the node has of each.
    public func greet(_ claims: [ChainHead], from key: DevicePublicKey) async throws -> [ChainHead] {
        let now = clock.now()
        return try await store.write { database in
            try claims.map { claim in
                let origin = try Projection.origin(device: key, chain: claim.chain, in: database)
                try origin.noteSighting(at: now, in: database)
                try database.execute(
                    sql: """
                        INSERT INTO chain_states (chain, claimed) VALUES (?1, ?2)
                        ON CONFLICT (chain) DO UPDATE SET claimed = excluded.claimed
                        """, arguments: [origin.row, claim.sequence])
                let highest = try EntryRow.newest(of: claim.chain, in: database)
                return ChainHead(chain: claim.chain, sequence: highest?.sequence ?? 0, hash: highest?.hash)
            }
        }
    }

    /// Closes the file.
    public func close() throws { try store.close() }

    /// Signatures cost more than anything else here, so many are checked on all cores.
    private static func check(_ entries: [JournalEntry], key: DevicePublicKey) async -> [CheckedEntry] {
        let share = 8
        guard entries.count > share else { return entries.map { CheckedEntry($0, key: key) } }
        return await withTaskGroup(of: (Int, [CheckedEntry]).self) { group in
            for start in stride(from: 0, to: entries.count, by: share) {
                let part = entries[start..<min(start + share, entries.count)]
                group.addTask { (start, part.map { CheckedEntry($0, key: key) }) }
            }
            var parts: [(Int, [CheckedEntry])] = []
            for await part in group { parts.append(part) }
            return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }
}
