import GuardianArchive
import GuardianCore
import Logging

/// Holds the table against what the store lists, in constant memory. A list may lag behind the store, so that what it
/// lacks is asked for by name before it is called lost.
actor Reconciliation {
    private let archive: TenantArchive
    private let time: Timestamp
    private var unknown = 0

    /// - Parameter time: parts stored later are left for the next time.
    init(archive: TenantArchive, since time: Timestamp) {
        self.archive = archive
        self.time = time
    }

    func look(into bucket: BucketName) async throws {
        for prefix in archive.layout.prefixes {
            var next: String?
            repeat {
                let page = try await archive.objects.list(bucket, prefix: prefix, continuation: next, limit: 1_000)
                let names = page.items.map { item in
                    archive.layout.object(named: item.name).map { (PartName($0), item.size) }
                }
                let known = try await archive.ledger.see(names.compactMap(\.self), at: time)
                unknown += page.items.count - known
                next = page.next
            } while next != nil
        }
    }

    /// Names the parts that the store has lost.
    func finish() async throws {
        var last: Int64 = 0
        while true {
            let unseen = try await archive.ledger.unseen(since: time, after: last)
            guard let end = unseen.last else { break }
            for part in unseen { try await check(part) }
            last = end.row
        }
        guard unknown > 0 else { return }
        archive.logger.warning(
            "the store holds objects that the archive does not know", metadata: ["objects": "\(unknown)"])
    }

    private func check(_ part: StoredPart) async throws {
        guard let key = part.key else { return }
        let receipt = try await archive.objects.head(key)
        guard receipt?.size != part.size else { return }
        let reason =
            receipt.map { "The store has \($0.size) bytes of this object, not \(part.size)." }
            ?? "The store does not have this object any more."
        try await archive.ledger.fail(part, because: reason)
        archive.logger.error(
            "an object of the archive is lost", metadata: ["part": "\(part.name)", "reason": "\(reason)"])
    }
}
