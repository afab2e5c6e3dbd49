import GuardianArchive
import GuardianCore
import Logging
import ServiceLifecycle

/// Does the archive's periodic work, at the node's start and once a day: removes expired clips and abandoned uploads,
/// and compares the table with the store.
struct ArchiveUpkeep: Service {
    let archive: TenantArchive
    let timings: ArchiveTimings

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                var wait = timings.upkeep
                let returns = archive.signals.returned.value
                do { try await runOnce() } catch {
                    guard !Task.isCancelled else { return }
                    // Retry soon: the store may be unavailable only briefly.
                    wait = min(wait, .seconds(600))
                    archive.logger.warning("archive upkeep failed, retrying", metadata: ["reason": "\(error)"])
                }
                try? await archive.signals.returned.wait(
                    beyond: returns, atMost: wait, monotonic: archive.monotonic)
            }
        }
    }

    private func runOnce() async throws {
        let now = archive.clock.now()
        // First: completes removals that a crash interrupted; their objects would otherwise be reported as lost.
        try await archive.retention.removeExpired(at: now)
        try await archive.warnIfNearlyFull()
        var buckets: Set<BucketName> = []
        for bucket in try await archive.buckets() where try await archive.places.absence(of: bucket) == nil {
            buckets.insert(bucket)
        }
        let reconciliation = Reconciliation(archive: archive, since: now)
        for bucket in buckets { try await reconciliation.scan(bucket) }
        try await reconciliation.finish()
        // A younger upload may be one whose ticket is being written now.
        let limit = Timestamp(milliseconds: now.milliseconds - timings.leftovers.components.seconds * 1_000)
        let kept = try await archive.ledger.tickets()
        for bucket in buckets {
            for prefix in archive.layout.prefixes {
                let removed = try await archive.objects.removeLeftovers(
                    in: bucket, prefix: prefix, before: limit, keeping: kept)
                guard removed > 0 else { continue }
                archive.logger.notice(
                    "abandoned uploads removed", metadata: ["bucket": "\(bucket)", "uploads": "\(removed)"])
            }
        }
    }
}
