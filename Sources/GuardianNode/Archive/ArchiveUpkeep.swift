import GuardianArchive
import GuardianCore
import Logging
import ServiceLifecycle

/// Looks after an archive at the node's start and once a day: removes what is kept no longer, and what uploads left, and
/// holds the table against the store.
struct ArchiveUpkeep: Service {
    let archive: TenantArchive
    let patience: ArchivePatience

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                var wait = patience.upkeep
                do { try await look() } catch {
                    guard !Task.isCancelled else { return }
                    // A store that is down now is looked at soon.
                    wait = min(wait, .seconds(600))
                    archive.logger.warning("the archive could not be looked after", metadata: ["reason": "\(error)"])
                }
                try? await Task.sleep(for: wait)
            }
        }
    }

    private func look() async throws {
        let now = archive.clock.now()
        // First: what a fall left half removed must not be taken for lost.
        try await archive.retention.removeExpired(at: now)
        try await archive.warnIfNearlyFull()
        let buckets = try await buckets()
        let reconciliation = Reconciliation(archive: archive, since: now)
        for bucket in buckets { try await reconciliation.look(into: bucket) }
        try await reconciliation.finish()
        // What is younger may be an upload whose ticket is just being written.
        let limit = Timestamp(milliseconds: now.milliseconds - patience.leftovers.components.seconds * 1_000)
        let kept = try await archive.ledger.tickets()
        for bucket in buckets {
            for prefix in archive.layout.prefixes {
                let removed = try await archive.objects.removeLeftovers(
                    in: bucket, prefix: prefix, before: limit, keeping: kept)
                guard removed > 0 else { continue }
                archive.logger.notice(
                    "uploads that nobody finished are removed",
                    metadata: ["bucket": "\(bucket)", "uploads": "\(removed)"])
            }
        }
    }

    private func buckets() async throws -> Set<BucketName> {
        var buckets = try await archive.ledger.buckets()
        switch archive.layout {
        case .oneBucket(let bucket, _): buckets.insert(bucket)
        case .bucketPerCamera:
            for camera in try await archive.ledger.usage().cameras.keys { buckets.insert(BucketName(camera: camera)) }
        }
        return buckets
    }
}
