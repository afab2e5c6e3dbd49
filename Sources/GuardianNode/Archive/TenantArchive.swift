import GuardianArchive
import GuardianCore
import GuardianOperations
import Logging

/// A tenant's archive at the node: the state that reception, shipping and upkeep share.
final class TenantArchive: Sendable {
    let ledger: PartLedger
    let spool: Spool
    let objects: any ObjectStore
    let layout: ArchiveLayout
    let places: StorePlaces
    let spoolPlace: SpoolPlace
    let floor: DiskFloor
    let storeHealth: StoreHealth
    let retention: Retention
    let expiry: ExpiryClock
    let clock: any WallClock
    let monotonic: any MonotonicClock
    let senders: PartSenders
    let uploads = PartUploads()
    let signals = ArchiveSignals()
    let warnings = QuotaWarnings()
    let listing = ListingGaps()
    let logger: Logger

    init(
        ledger: PartLedger, spool: Spool, place: ArchivePlace, clock: any WallClock, monotonic: any MonotonicClock,
        logger: Logger
    ) {
        let (objects, layout) = (place.store, place.layout)
        self.ledger = ledger
        self.spool = spool
        self.objects = objects
        self.layout = layout
        places = StorePlaces(
            ledger: ledger, objects: objects, layout: layout, monotonic: monotonic, logger: logger)
        spoolPlace = SpoolPlace(folder: spool.folder, store: ledger.store)
        floor = DiskFloor(folder: spool.folder, least: place.keepFree, read: place.diskRoom, logger: logger)
        storeHealth = StoreHealth(monotonic: monotonic)
        retention = Retention(ledger: ledger, objects: objects, places: places, logger: logger)
        expiry = .node(ledger: ledger, clock: clock, monotonic: monotonic, logger: logger)
        self.clock = clock
        self.monotonic = monotonic
        senders = PartSenders(monotonic: monotonic)
        self.logger = logger
    }

    /// Removes the spool's files that no row names any more. Before parts are received.
    func sweepSpool() throws {
        guard try spoolPlace.absenceNow() == nil else { return }
        let removed = try ledger.store.readNow { database in
            try spool.sweep { name in
                guard let part = try PartLedger.fetch(name, in: database) else { return false }
                return part.state == .uploading || part.state == .sealed
            }
        }
        guard removed > 0 else { return }
        logger.notice("files of settled parts removed from the spool", metadata: ["files": "\(removed)"])
    }

    /// Puts a clip on hold, so that the node never removes it, or releases the hold.
    ///
    /// - Throws: `notFound` when the archive has no part of the clip.
    func hold(_ clip: ClipID, _ isHeld: Bool) async throws {
        try await ledger.hold(clip.uuid, isHeld)
        logger.notice(isHeld ? "clip put on hold" : "clip hold released", metadata: ["clip": "\(clip)"])
    }

    /// Returns why parts cannot be moved from the spool to a bucket because one of the two is away; `nil` when both are
    /// there.
    func absence(for bucket: BucketName) async throws -> String? {
        if let absence = try await spoolPlace.absence() { return absence }
        return try await places.absence(of: bucket)
    }

    /// Returns what is wrong with the archive now, as sentences for people.
    func problems() async -> [String] {
        var problems = await places.absences()
        // One that is away is named above.
        if problems.isEmpty, let problem = storeHealth.problem { problems.append(problem) }
        problems += listing.problems
        if let doubt = await expiry.doubt { problems.append(Self.problem(doubt)) }
        if let shortage = floor.shortage() { problems.append(shortage) }
        do { if let absence = try await spoolPlace.absence() { problems.append(absence) } } catch {
            problems.append((error as? GuardianError)?.message ?? "\(error)")
        }
        return problems
    }

    /// What the archive does without, as sentences for people: nothing is wrong and nobody has to act.
    var notes: [String] { listing.notes }

    /// Returns how many bytes of an unfinished part can be opened: up to its last whole segment; 0 when there is none.
    func wholeLength(of part: StoredPart) async throws -> Int64 {
        guard part.size > 0 else { return 0 }
        let prefix = try await spool.prefix(of: part.name, size: part.size)
        let layout = prefix.header.layout
        let body = part.size - Int64(prefix.bodyOffset)
        return layout.wholeSegments(inBody: body) > 0 ? Int64(prefix.bodyOffset) + layout.wholeBody(in: body) : 0
    }

    /// Returns the buckets that hold parts or will hold them.
    func buckets() async throws -> Set<BucketName> {
        var buckets = try await ledger.buckets()
        switch layout {
        case .oneBucket(let bucket, _): buckets.insert(bucket)
        case .bucketPerCamera:
            for camera in try await ledger.usage().cameras.keys { buckets.insert(BucketName(camera: camera)) }
        }
        return buckets
    }
}
