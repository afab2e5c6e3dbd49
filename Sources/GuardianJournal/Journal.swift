import Foundation
import GRDB
import GuardianCore
import GuardianOperations
import GuardianStorage

/// A device's signed, chained, append-only log, with its catalogue and its outbox, in one SQLite file. Safe to use from
/// any task; concurrent appends share one `fsync`.
public final class Journal: Sendable {
    public struct Options: Sendable {
        /// Whether entries are put into the outbox for a node. Switching it on again adds everything written meanwhile. The
        /// outbox has no limit of its own: it names entries that are in the journal anyway, and a limit would stop the journal.
        public var outbox: Bool

        public init(outbox: Bool = true) { self.outbox = outbox }
    }

    public let deviceKey: DevicePublicKey
    /// Queries over events, clips and coverage.
    public let catalogue: Catalogue
    /// What the node has not acknowledged.
    public let outbox: Outbox
    /// The SQLite file.
    public let store: Store
    private let key: DeviceKey
    private let options: Options
    private let origin: CurrentOrigin
    private let watermark: Watermark

    /// Opens the journal, and creates the file if it is missing. Begins a new chain when the file has none of this
    /// device key.
    ///
    /// - Throws: what `Store` throws.
    public init(
        path: String, key: DeviceKey, options: Options = Options(), clock: any WallClock = SystemClock()
    ) throws {
        self.key = key
        self.options = options
        deviceKey = key.publicKey
        store = try Store(path: path, migrations: JournalSchema.migrations)
        let now = clock.now()
        let (origin, last, waiting) = try store.writeNow { database in
            let origin = try Self.currentOrigin(of: key.publicKey, at: now, in: database)
            try Outbox.reconcile(enabled: options.outbox, in: database)
            let last = try Int64.fetchOne(database, sql: "SELECT max(position) FROM entries") ?? 0
            let waiting = try Int.fetchOne(database, sql: "SELECT count(*) FROM outbox") ?? 0
            return (origin, last, waiting)
        }
        self.origin = CurrentOrigin(origin)
        watermark = Watermark(last)
        catalogue = Catalogue(store: store)
        outbox = Outbox(store: store, appended: watermark, waiting: waiting)
    }

    /// The chain that entries are appended to.
    public var chain: ChainID { origin.value.chain }

    /// The highest position: the sequence of the newest entry while there is one chain.
    public var position: Int64 { watermark.value }

    /// Appends entries in the order given, projects them and puts them into the outbox, all in one transaction. Returns
    /// when they are on the disk. Cancellation does not stop it.
    ///
    /// - Throws: `invalidArgument` when a body breaks a bound of `JournalLimits`, `resourceExhausted` when the disk is full,
    ///   and what `checkKeeping` throws; then nothing was written.
    @discardableResult
    public func append(_ bodies: [JournalBody], at time: Timestamp) async throws -> [JournalEntry] {
        guard !bodies.isEmpty else { return [] }
        guard bodies.count <= JournalLimits.append else {
            throw GuardianError(
                .invalidArgument,
                "An append has \(bodies.count) entries; at most \(JournalLimits.append) are allowed."
            )
        }
        for body in bodies { try body.checkLimits() }
        if options.outbox { outbox.add(bodies.count) }
        do {
            let (entries, position) = try await store.write { database in
                try self.append(bodies, at: time, to: self.origin.value, in: database)
            }
            watermark.advance(to: position)
            return entries
        } catch {
            if options.outbox { outbox.release(bodies.count) }
            throw error
        }
    }

    /// Begins a new chain when this one must not be continued, because this device has already signed other entries of it. Its
    /// first entry says so. Later entries go into the new chain; the old one stays unchanged. A chain without entries is not
    /// replaced.
    @discardableResult
    public func beginChain(_ beginning: ChainBeginning, at time: Timestamp) async throws -> ChainID {
        if options.outbox { outbox.add(1) }
        let (next, position): (Projection.Origin, Int64)
        do {
            (next, position) = try await store.write { database in
                var next = self.origin.value
                if try Self.head(of: next, in: database).sequence > 0 {
                    next = try Projection.origin(device: self.deviceKey, chain: .v7(at: time), in: database)
                }
                let (_, position) = try self.append([.chainBegun(beginning)], at: time, to: next, in: database)
                return (next, position)
            }
        } catch {
            if options.outbox { outbox.release(1) }
            throw error
        }
        origin.set(next)
        watermark.advance(to: position)
        return next.chain
    }

    /// Returns whether this journal lacks an entry that this device has signed before, or has another one in its place.
    public func contradicts(_ head: ChainHead) async throws -> Bool {
        guard head.sequence > 0 else { return false }
        return try await entry(head.sequence, of: head.chain)?.hash != head.hash
    }

    /// Returns the end of each of this device's chains, the current one last, for the hello to the node.
    ///
    /// - Parameter limit: the maximum number of chains; the newest are returned.
    public func heads(limit: Int) async throws -> [ChainHead] {
        try await store.read { database in
            let chains = try UUID.fetchAll(
                database,
                sql: """
                    SELECT chain FROM chains JOIN devices ON devices.id = chains.device
                    WHERE devices.key = ? ORDER BY chains.id DESC LIMIT ?
                    """, arguments: [Data(self.deviceKey.bytes), limit])
            return try chains.reversed().map { chain in
                let newest = try EntryRow.newest(of: ChainID(chain), in: database)
                return ChainHead(chain: ChainID(chain), sequence: newest?.sequence ?? 0, hash: newest?.hash)
            }
        }
    }

    /// Returns an entry of one of this device's chains; `nil` when there is none.
    public func entry(_ sequence: Int64, of chain: ChainID) async throws -> JournalEntry? {
        try await store.read { try EntryRow.fetch(chain: chain, sequence: sequence, in: $0) }
    }

    /// Returns the changes of events after a position (`nil`: from now on), in order and without end.
    public func changes(after position: Int64? = nil) -> JournalChanges {
        JournalChanges(store: store, watermark: watermark, after: position ?? watermark.value)
    }

    /// Returns the entries of a chain after a sequence, oldest first.
    ///
    /// - Parameter limit: 1 to 1,000.
    public func entries(of chain: ChainID? = nil, after sequence: Int64, limit: Int) async throws -> [JournalEntry] {
        let chain = chain ?? self.chain
        return try await store.read { database in
            try EntryRow.fetch(chain: chain, after: sequence, limit: min(max(1, limit), 1_000), in: database)
        }
    }

    /// Closes the file; later calls fail.
    public func close() throws { try store.close() }

    private func append(
        _ bodies: [JournalBody], at time: Timestamp, to origin: Projection.Origin, in database: Database
    ) throws -> ([JournalEntry], Int64) {
        var (sequence, previous) = try Self.head(of: origin, in: database)
        var unsigned: [UnsignedEntry] = []
        unsigned.reserveCapacity(bodies.count)
        for body in bodies {
            sequence += 1
            let entry = try UnsignedEntry(
                JournalContent(chain: origin.chain, sequence: sequence, previous: previous, at: time, body: body))
            previous = entry.hash
            unsigned.append(entry)
        }
        let entries = try UnsignedEntry.sign(unsigned, with: key)
        var position: Int64 = 0
        for (entry, content) in zip(entries, unsigned.lazy.map(\.content)) {
            // An error rolls back the whole append.
            try Self.checkKeeping(content.body, in: database)
            position = try Projection.store(entry, content, from: origin, at: time, in: database)
            if options.outbox {
                try database.cachedStatement(sql: "INSERT INTO outbox (position, subject) VALUES (?, ?)")
                    .execute(arguments: [position, content.body.subject])
            }
        }
        return (entries, position)
    }

    /// Returns the last sequence of a chain and the hash of its payload; 0 and `nil` for an empty one.
    private static func head(
        of origin: Projection.Origin, in database: Database
    ) throws -> (sequence: Int64, hash: Hash256?) {
        let statement = try database.cachedStatement(
            sql: "SELECT sequence, payload FROM entries WHERE chain = ? ORDER BY sequence DESC LIMIT 1")
        guard let row = try Row.fetchOne(statement, arguments: [origin.row]) else { return (0, nil) }
        return (row["sequence"], .sha256(of: Array(row["payload"] as Data)))
    }

    private static func currentOrigin(
        of key: DevicePublicKey, at time: Timestamp, in database: Database
    ) throws -> Projection.Origin {
        let chain = try UUID.fetchOne(
            database,
            sql: """
                SELECT chain FROM chains JOIN devices ON devices.id = chains.device
                WHERE devices.key = ? ORDER BY chains.id DESC LIMIT 1
                """, arguments: [Data(key.bytes)])
        return try Projection.origin(device: key, chain: chain.map(ChainID.init) ?? .v7(at: time), in: database)
    }
}
