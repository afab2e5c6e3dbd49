import GuardianArchive
import GuardianCore
import Synchronization

/// The buckets that the store's keys may not list, and what upkeep cannot check there.
final class ListingGaps: Sendable {
    private struct Gap {
        var reason: String
        /// Objects that the last upkeep asked for and that were denied.
        var denied = 0

        var limitation: String {
            "\(reason) Until then nobody finds objects there that the archive does not know, nor abandoned uploads; the "
                + "objects that it knows are asked for one by one."
        }
    }

    private let gaps = Mutex<[BucketName: Gap]>([:])

    /// Notes that a bucket cannot be listed.
    ///
    /// - Returns: whether that is new.
    func note(_ bucket: BucketName, because reason: String) -> Bool {
        gaps.withLock { gaps in
            let isNew = gaps[bucket] == nil
            gaps[bucket, default: Gap(reason: reason)].reason = reason
            return isNew
        }
    }

    func note(denied: Int, in bucket: BucketName) { gaps.withLock { $0[bucket]?.denied = denied } }

    /// Notes that a bucket was listed.
    func clear(_ bucket: BucketName) { gaps.withLock { $0[bucket] = nil } }

    func contains(_ bucket: BucketName) -> Bool { gaps.withLock { $0[bucket] != nil } }

    /// Buckets with objects that may be lost, as sentences for people.
    var problems: [String] {
        sentences { gap in
            guard gap.denied > 0 else { return nil }
            return gap.limitation
                + " \(gap.denied) of them are denied as well: they are lost, or may not be read with these keys."
        }
    }

    /// Buckets that only cannot be listed, as sentences for people: keys need not be allowed to.
    var notes: [String] { sentences { $0.denied == 0 ? $0.limitation : nil } }

    private func sentences(_ sentence: (Gap) -> String?) -> [String] {
        gaps.withLock { gaps in gaps.sorted { $0.key.text < $1.key.text }.compactMap { sentence($0.value) } }
    }
}
