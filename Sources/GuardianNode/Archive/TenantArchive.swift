import GuardianArchive
import GuardianCore
import Logging

/// A tenant's archive at the node: what comes in, waits in the spool, and is stored.
final class TenantArchive: Sendable {
    let ledger: PartLedger
    let spool: Spool
    let objects: any ObjectStore
    let layout: ArchiveLayout
    let retention: Retention
    let clock: any WallClock
    /// Who sends which part now, and when each last brought something.
    let presence = PartPresence()
    let uploads = PartUploads()
    let news = ArchiveNews()
    let warnings = QuotaWarnings()
    let logger: Logger

    init(
        ledger: PartLedger, spool: Spool, objects: any ObjectStore, layout: ArchiveLayout, clock: any WallClock,
        logger: Logger
    ) {
        self.ledger = ledger
        self.spool = spool
        self.objects = objects
        self.layout = layout
        retention = Retention(ledger: ledger, place: ArchivePlace(store: objects, layout: layout), logger: logger)
        self.clock = clock
        self.logger = logger
    }

    /// Keeps a clip from every removal, or lets it go again.
    ///
    /// - Throws: `notFound` when there is no part of it.
    func hold(_ clip: ClipID, _ isHeld: Bool) async throws {
        try await ledger.hold(clip.uuid, isHeld)
        logger.notice(isHeld ? "a clip is held" : "a clip is held no more", metadata: ["clip": "\(clip)"])
    }

    /// What opens of a part that was sealed to `size` bytes and not finished: whole segments, 0 when there is none.
    func wholeLength(of part: StoredPart) async throws -> Int64 {
        guard part.size > 0 else { return 0 }
        let prefix = try await spool.prefix(of: part.name, size: part.size)
        let layout = prefix.header.layout
        let body = part.size - Int64(prefix.bodyOffset)
        return layout.wholeSegments(inBody: body) > 0 ? Int64(prefix.bodyOffset) + layout.wholeBody(in: body) : 0
    }
}
