import GuardianArchive
import GuardianCore
import Logging

/// Compares the table with the store's listing, in constant memory and in both directions: what the store has lost is
/// marked as failed, and what it has again as stored. A listing may lag behind the store, so a part that is missing from
/// it is requested by name before it counts as lost. Where nothing may be listed, all parts are requested by name.
actor Reconciliation {
    private let archive: TenantArchive
    private let time: Timestamp
    private var scanned: Set<BucketName> = []
    private var unknown = 0
    private var found = 0

    /// Pause before each request for a part of a bucket that cannot be listed: 20 a second at most.
    private static let pause = Duration.milliseconds(50)
    /// Requests for parts of such a bucket in one upkeep: ten minutes of them. The next one goes on with the others.
    private static let requestLimit = 12_000
    /// Denials without any answer after which the keys count as useless.
    private static let patience = 20

    /// - Parameter time: parts that are stored later are not checked.
    init(archive: TenantArchive, since time: Timestamp) {
        self.archive = archive
        self.time = time
    }

    /// Marks the parts that the store has in a bucket, and counts the objects that the table does not know.
    func scan(_ bucket: BucketName) async throws {
        do {
            try await list(bucket)
            scanned.insert(bucket)
            archive.listing.clear(bucket)
        } catch let error as GuardianError where error.code == .permissionDenied {
            if archive.listing.note(bucket, because: error.message) {
                archive.logger.warning(
                    "bucket cannot be listed, its parts are requested one by one",
                    metadata: ["bucket": "\(bucket)", "reason": "\(error.message)"])
            }
            try await request(bucket)
        }
    }

    private func list(_ bucket: BucketName) async throws {
        for prefix in archive.layout.prefixes {
            var next: String?
            repeat {
                let page = try await archive.objects.list(bucket, prefix: prefix, continuation: next, limit: 1_000)
                let names = page.items.map { item in
                    archive.layout.object(named: item.name).map { (PartName($0), item.size) }
                }
                let known = try await archive.ledger.markListed(names.compactMap(\.self), at: time)
                unknown += page.items.count - known.count
                found += known.found
                next = page.next
            } while next != nil
        }
    }

    /// Requests the parts of a bucket by name, those first that were seen longest ago.
    ///
    /// - Throws: `permissionDenied` when every request is denied.
    private func request(_ bucket: BucketName) async throws {
        var (requested, answered, denied) = (0, 0, 0)
        while requested < Self.requestLimit {
            let parts = try await archive.ledger.leastSeen(in: bucket, since: time)
            if parts.isEmpty { break }
            for part in parts {
                try await archive.monotonic.sleep(for: Self.pause)
                requested += 1
                do {
                    try await request(part)
                    answered += 1
                } catch let error as GuardianError where error.code == .permissionDenied {
                    // Without the right to list, a server denies what it does not have: it may be removed meanwhile, lost,
                    // or only hidden.
                    if try await archive.ledger.isUnchanged(part) { denied += 1 }
                    guard answered > 0 || denied < Self.patience else { throw error }
                }
                try await archive.ledger.noteRequest(part, at: time)
            }
        }
        archive.listing.note(denied: denied, in: bucket)
    }

    private func request(_ part: StoredPart) async throws {
        guard let key = part.key else { return }
        let receipt = try await archive.objects.head(key)
        if let receipt, receipt.size == part.size {
            found += try await archive.ledger.markListed([(part.name, receipt.size)], at: time).found
        } else if part.state == .stored {
            try await lose(part, key, receipt)
        }
    }

    /// Marks the parts that the scanned buckets have lost as failed, and logs what was found.
    func finish() async throws {
        var last: Int64 = 0
        while true {
            let unlisted = try await archive.ledger.unlisted(since: time, after: last)
            guard let end = unlisted.last else { break }
            for part in unlisted { try await check(part) }
            last = end.row
        }
        if found > 0 {
            archive.logger.notice("archived objects are there again", metadata: ["objects": "\(found)"])
        }
        guard unknown > 0 else { return }
        archive.logger.warning(
            "store holds objects that the archive does not know", metadata: ["objects": "\(unknown)"])
    }

    private func check(_ part: StoredPart) async throws {
        guard let key = part.key, scanned.contains(key.bucket) else { return }
        let receipt = try await archive.objects.head(key)
        guard receipt?.size != part.size else { return }
        try await lose(part, key, receipt)
    }

    /// - Parameter receipt: what the store has under the part's name.
    private func lose(_ part: StoredPart, _ key: ObjectKey, _ receipt: ObjectReceipt?) async throws {
        // Asked after the object: a disk that was unmounted in between has lost nothing.
        guard try await archive.places.absence(of: key.bucket) == nil else { return }
        let reason =
            receipt.map { "The store has \($0.size) bytes of this object, not \(part.size)." }
            ?? "The store no longer has this object."
        guard try await archive.ledger.fail(part, because: reason) else { return }
        archive.logger.error(
            "archived object is lost", metadata: ["part": "\(part.name)", "reason": "\(reason)"])
    }
}
