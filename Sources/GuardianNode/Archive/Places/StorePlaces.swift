import GuardianArchive
import GuardianCore
import Logging
import NIOCore

/// Knows which buckets are the ones that the table describes. A bucket that is not, because a disk is not mounted or
/// another server answers, is away: nothing there is deleted, counted as lost or written until it is back.
actor StorePlaces {
    private let ledger: PartLedger
    private let objects: any ObjectStore
    private let layout: ArchiveLayout
    private let monotonic: any MonotonicClock
    private let logger: Logger
    private var checked: [BucketName: (absence: String?, at: ContinuousClock.Instant)] = [:]

    /// The beginning of a bucket's name in the table of places.
    static let prefix = "bucket/"

    init(
        ledger: PartLedger, objects: any ObjectStore, layout: ArchiveLayout, monotonic: any MonotonicClock,
        logger: Logger
    ) {
        self.ledger = ledger
        self.objects = objects
        self.layout = layout
        self.monotonic = monotonic
        self.logger = logger
    }

    /// Returns why the store is away now, or why buckets are, as far as the last checks saw, as text for people.
    func absences() async -> [String] {
        if let absence = await objects.absence() { return [absence] }
        return checked.values.compactMap(\.absence).sorted()
    }

    /// Returns why a bucket is away; `nil` when it is there.
    ///
    /// - Throws: the store's errors: then nobody knows.
    func absence(of bucket: BucketName) async throws -> String? {
        if let known = checked[bucket], monotonic.elapsed(since: known.at) < objects.identityLifetime {
            return known.absence
        }
        let absence = try await look(at: bucket)
        let before = checked[bucket]?.absence
        checked[bucket] = (absence, monotonic.now())
        if absence != before {
            if let absence {
                logger.error(
                    "place of the archive is away", metadata: ["place": "\(bucket)", "reason": "\(absence)"])
            } else {
                logger.notice("place of the archive is back", metadata: ["place": "\(bucket)"])
            }
        }
        return absence
    }

    /// - Throws: `unavailable` when the bucket is away, and the store's errors.
    func require(_ bucket: BucketName) async throws {
        if let absence = try await absence(of: bucket) { throw GuardianError(.unavailable, absence) }
    }

    private func look(at bucket: BucketName) async throws -> String? {
        if let absence = await objects.absence() { return absence }
        let place = Self.prefix + bucket.text
        let (marker, denial) = try await visibleMarker(of: bucket)
        let known = try await ledger.knownPlace(place)
        let evidence =
            PlaceID.Verdict.needsEvidence(marker, known: known) ? try await evidence(in: bucket, hidden: denial) : nil
        let verdict = PlaceID.Verdict(marker, known: known, evidence: evidence)
        switch verdict {
        case .present:
            if known?.wasMarked == false { try await ledger.noteMarked(place) }
            return nil
        case .adopted(let wanted), .new(let wanted):
            if case .new = verdict, known == nil, try await othersAreAway(than: bucket) {
                return "The bucket \(bucket) is new, and none of the archive's other buckets is there: "
                    + "mount the archive's disk, or correct the address of its store."
            }
            // The table first: whoever claims the place at the same moment finds the same id there.
            let id = try await ledger.claimPlace(place, wanted)
            if marker == .none, try await !mark(bucket, id) { return foreign(bucket, id) }
            try await ledger.noteMarked(place)
            return nil
        case .missing:
            // Noted, so that a person can store it there.
            let id = try await ledger.claimPlace(place, known?.id ?? PlaceID())
            return "The bucket \(bucket) of the archive has neither its mark nor any of its clips: mount its disk, or "
                + "correct the address of its store. Uploads wait. If the clips are lost for good, store the text "
                + "\(id) there as \(layout.marker(in: bucket).name)."
        case .foreign: return foreign(bucket, known?.id)
        }
    }

    /// Stores the marker in a bucket in which none was seen.
    ///
    /// - Returns: whether the bucket has it now, and not another archive's that was stored meanwhile.
    /// - Throws: also the denial when there is one that may not be read, which says nothing.
    private func mark(_ bucket: BucketName, _ id: PlaceID) async throws -> Bool {
        do {
            _ = try await objects.put(layout.marker(in: bucket), ByteBuffer(bytes: id.marker))
            return true
        } catch let error as GuardianError where error.code == .alreadyExists {
            let (found, denial) = try await visibleMarker(of: bucket)
            if let denial { throw denial }
            return found == .id(id)
        }
    }

    private func foreign(_ bucket: BucketName, _ known: PlaceID?) -> String {
        "The bucket \(bucket) is another archive's, as its object \(layout.marker(in: bucket).name) says: mount the right "
            + "disk, or correct the address of the store. Uploads wait."
            + (known.map { " This archive's mark is \($0)." } ?? "")
    }

    /// Without any bucket, a new one must not be claimed: it would be on the disk below the one that is not mounted.
    private func othersAreAway(than bucket: BucketName) async throws -> Bool {
        let others = try await ledger.knownBuckets().filter { $0 != bucket }
        for other in others where try await absence(of: other) == nil { return false }
        return !others.isEmpty
    }

    /// Returns the marker, or none with the denial: to keys without the right to list, a server answers 403 for what does not
    /// exist, as for what they may not read. Then only what can be seen counts, or what can be written.
    private func visibleMarker(of bucket: BucketName) async throws -> (PlaceID.Marker, denial: GuardianError?) {
        do { return (try await marker(of: bucket), nil) } catch let error as GuardianError
            where error.code == .permissionDenied
        { return (.none, error) }
    }

    private func marker(of bucket: BucketName) async throws -> PlaceID.Marker {
        let key = layout.marker(in: bucket)
        guard let found = try await objects.head(key) else { return .none }
        guard found.size <= PlaceID.markerLimit else { return .damaged }
        do {
            return PlaceID.Marker(try await objects.fetch(key, limit: PlaceID.markerLimit).readableBytesView)
        } catch let error as GuardianError where error.code == .notFound { return .none }
    }

    /// - Parameter denial: why the marker could not be seen.
    /// - Throws: the denial, too, when nothing else can be seen either.
    private func evidence(in bucket: BucketName, hidden denial: GuardianError?) async throws -> Bool? {
        let parts = try await ledger.evidence(in: bucket)
        for part in parts {
            guard let key = part.key else { continue }
            do {
                if try await objects.head(key)?.size == part.size { return true }
            } catch let error as GuardianError where error.code == .permissionDenied && denial != nil {
                continue
            }
        }
        if parts.isEmpty { return nil }
        if let denial { throw denial }
        return false
    }
}
