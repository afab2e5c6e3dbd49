import GuardianArchive
import GuardianCore
import Logging

/// A tenant's archive at the node: the state that reception, shipping and upkeep share.
final class TenantArchive: Sendable {
    let ledger: PartLedger
    let spool: Spool
    let objects: any ObjectStore
    let layout: ArchiveLayout
    let retention: Retention
    let clock: any WallClock
    let monotonic: any MonotonicClock
    let senders: PartSenders
    let uploads = PartUploads()
    let signals = ArchiveSignals()
    let warnings = QuotaWarnings()
    let logger: Logger

    init(
        ledger: PartLedger, spool: Spool, objects: any ObjectStore, layout: ArchiveLayout, clock: any WallClock,
        monotonic: any MonotonicClock, logger: Logger
    ) {
        self.ledger = ledger
        self.spool = spool
        self.objects = objects
        self.layout = layout
        retention = Retention(ledger: ledger, place: ArchivePlace(store: objects, layout: layout), logger: logger)
        self.clock = clock
        self.monotonic = monotonic
        senders = PartSenders(monotonic: monotonic)
        self.logger = logger
    }

    /// Puts a clip on hold, so that the node never removes it, or releases the hold.
    ///
    /// - Throws: `notFound` when the archive has no part of the clip.
    func hold(_ clip: ClipID, _ isHeld: Bool) async throws {
        try await ledger.hold(clip.uuid, isHeld)
        logger.notice(isHeld ? "clip put on hold" : "clip hold released", metadata: ["clip": "\(clip)"])
    }

    /// Returns how many bytes of an unfinished part can be opened: up to its last whole segment; 0 when there is none.
    func wholeLength(of part: StoredPart) async throws -> Int64 {
        guard part.size > 0 else { return 0 }
        let prefix = try await spool.prefix(of: part.name, size: part.size)
        let layout = prefix.header.layout
        let body = part.size - Int64(prefix.bodyOffset)
        return layout.wholeSegments(inBody: body) > 0 ? Int64(prefix.bodyOffset) + layout.wholeBody(in: body) : 0
    }
}
