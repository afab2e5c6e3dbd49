import GuardianArchive
import GuardianCore
import Logging

/// Compares the table with the store's listing, in constant memory and in both directions: what the store has lost is
/// marked as failed, and what it has again as stored. A listing may lag behind the store, so a part that is missing from
/// it is requested by name before it counts as lost.
actor Reconciliation {
    private let archive: TenantArchive
    private let time: Timestamp
    private var scanned: Set<BucketName> = []
    private var unknown = 0
    private var found = 0

    /// - Parameter time: parts that are stored later are not checked.
    init(archive: TenantArchive, since time: Timestamp) {
        self.archive = archive
        self.time = time
    }

    /// Marks the parts that the store lists in a bucket, and counts the objects that the table does not know.
    func scan(_ bucket: BucketName) async throws {
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
        scanned.insert(bucket)
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
        // Asked after the object: a disk that was unmounted in between has lost nothing.
        guard try await archive.places.absence(of: key.bucket) == nil else { return }
        let reason =
            receipt.map { "The store has \($0.size) bytes of this object, not \(part.size)." }
            ?? "The store no longer has this object."
        try await archive.ledger.fail(part, because: reason)
        archive.logger.error(
            "archived object is lost", metadata: ["part": "\(part.name)", "reason": "\(reason)"])
    }
}
