import Foundation
import GRDB
import GuardianArchive
import GuardianCore
import GuardianJournal
import Logging

/// The time by which clips expire. The machine's clock alone does not count: one that is a year ahead would empty the
/// archive.
///
/// The time is supported by whatever else tells it: the last time that was believed plus the time that has passed since
/// by the monotonic clock, the newest entry that a recorder signed, the object store's own date. Clips expire by the
/// earlier one of the clock and the latest supported time. A clock that is more than a day ahead of all of these is
/// reported, and nothing expires until it is plausible again.
actor ExpiryClock {
    private let ledger: PartLedger
    private let objects: any ObjectStore
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let logger: Logger
    /// The last time that was believed.
    private var believed: (time: Timestamp, at: ContinuousClock.Instant)?
    private var saved: Timestamp?
    /// Why the clock is not believed now, as text for people.
    private(set) var doubt: String?

    /// How far the clock may be ahead in milliseconds: a node may have been off for some hours, and its recorders silent.
    private static let tolerance: Int64 = 86_400_000
    /// Milliseconds between two notes of the believed time.
    private static let step: Int64 = 600_000

    init(
        ledger: PartLedger, objects: any ObjectStore, clock: any WallClock, monotonic: any MonotonicClock,
        logger: Logger
    ) {
        self.ledger = ledger
        self.objects = objects
        self.clock = clock
        self.monotonic = monotonic
        self.logger = logger
    }

    /// Returns the time by which clips expire now; `nil` while the clock is not believed.
    ///
    /// - Parameter bucket: one whose store may be asked for its date.
    func now(asking bucket: BucketName?) async throws -> Timestamp? {
        let stored = try await ledger.times()
        var supports = [running, stored.believed, stored.signed].compactMap(\.self)
        if let bucket, let date = try? await objects.date(of: bucket) { supports.append(date) }
        let wall = clock.now()
        // Nothing is known at a node's first start, and nothing can expire.
        let latest = supports.max() ?? wall
        guard wall - latest <= Self.tolerance else {
            if doubt == nil {
                logger.error(
                    "clock of the node is not believed: nothing is removed for its age",
                    metadata: ["clock": "\(wall)", "supported": "\(latest)"])
            }
            doubt =
                "The node's clock says \(wall), but nothing else supports a time after \(latest). Set the clock. Until "
                + "then, or until an entry of a recorder confirms it, nothing is removed for its age."
            return nil
        }
        if doubt != nil { logger.notice("clock of the node is believed again", metadata: ["clock": "\(wall)"]) }
        doubt = nil
        let time = min(wall, latest)
        believed = (time, monotonic.now())
        try await save(time)
        return time
    }

    /// Notes the believed time, so that a later start knows it.
    func note() async throws {
        guard doubt == nil, let running else { return }
        try await save(min(clock.now(), running))
    }

    /// The believed time, plus what has passed since.
    private var running: Timestamp? {
        believed.map { $0.time + monotonic.elapsed(since: $0.at).milliseconds }
    }

    private func save(_ time: Timestamp) async throws {
        guard saved.map({ time - $0 >= Self.step }) ?? true else { return }
        try await ledger.saveBelieved(time)
        saved = time
    }
}

extension PartLedger {
    /// How many of the newest entries are asked for their time: an edge may deliver old ones after new ones.
    private static let newestEntries = 64

    /// Returns the last time that was believed, and the newest time that a recorder signed.
    func times() async throws -> (believed: Timestamp?, signed: Timestamp?) {
        try await store.read { database in
            let believed = try Int64.fetchOne(database, sql: "SELECT at FROM believed_time")
            let entries = try Data.fetchAll(
                database, sql: "SELECT payload FROM entries ORDER BY position DESC LIMIT ?",
                arguments: [Self.newestEntries])
            let signed = entries.compactMap { try? JournalContent(signed: Array($0)).at }.max()
            return (believed.map(Timestamp.init(milliseconds:)), signed)
        }
    }

    func saveBelieved(_ time: Timestamp) async throws {
        try await store.write { database in
            try database.execute(
                sql: "INSERT INTO believed_time (id, at) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET at = ?1",
                arguments: [time.milliseconds])
        }
    }
}

extension JournalContent {
    fileprivate init(signed payload: [UInt8]) throws {
        self = try JournalEntry(chain: ChainID(UUID()), sequence: 1, payload: payload, signature: []).content()
    }
}
