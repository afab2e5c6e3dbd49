import GuardianArchive
import GuardianCore
import GuardianOperations
import Logging
import ServiceLifecycle

/// Does the archive's periodic work, at the node's start and once a day: removes expired clips and abandoned uploads,
/// and compares the table with the store.
struct ArchiveUpkeep: Service {
    let archive: TenantArchive
    let timings: ArchiveTimings

    /// Waits after failures: the store may be unavailable only briefly.
    private static let retry = Backoff(base: .seconds(5), limit: .seconds(600))

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var failures = 0
            while !Task.isCancelled {
                var wait = timings.upkeep
                let returns = archive.signals.returned.value
                do {
                    try await runOnce()
                    failures = 0
                } catch {
                    guard !Task.isCancelled else { return }
                    failures += 1
                    wait = min(wait, Self.retry.ceiling(after: failures))
                    archive.logger.warning("archive upkeep failed, retrying", metadata: ["reason": "\(error)"])
                }
                try? await self.wait(for: wait, beyond: returns)
            }
        }
    }

    /// Does every step, whatever happens to the others.
    ///
    /// - Throws: the first error.
    private func runOnce() async throws {
        var steps = Steps()
        let now = archive.clock.now()
        await steps.run {
            try await archive.ledger.retryStuck()
            archive.signals.partIsDue()
        }
        // First: their objects would otherwise be reported as lost.
        await steps.run { try await archive.retention.resume() }
        await steps.run { try await archive.warnIfNearlyFull() }
        var buckets: Set<BucketName> = []
        for bucket in try await archive.buckets() {
            await steps.run { if try await archive.places.absence(of: bucket) == nil { buckets.insert(bucket) } }
        }
        await steps.run { try await removeExpired(asking: buckets.first) }
        let reconciliation = Reconciliation(archive: archive, since: now)
        for bucket in buckets { await steps.run { try await reconciliation.scan(bucket) } }
        await steps.run { try await reconciliation.finish() }
        for bucket in buckets { await steps.run { try await removeLeftovers(in: bucket, at: now) } }
        if let error = steps.error { throw error }
    }

    private func removeExpired(asking bucket: BucketName?) async throws {
        guard archive.ledger.quota.days != nil, let time = try await archive.expiryTime(asking: bucket) else { return }
        try await archive.retention.removeExpired(at: time)
    }

    /// Waits for the next upkeep; for a clock that is not believed only until it is.
    private func wait(for time: Duration, beyond returns: Int64) async throws {
        let end = archive.monotonic.now().advanced(by: time)
        while await archive.expiry.doubt != nil, archive.monotonic.now() < end {
            try await archive.signals.returned.wait(
                beyond: returns, atMost: min(time, timings.doubt), monotonic: archive.monotonic)
            guard archive.signals.returned.value == returns else { return }
            let bucket = try? await archive.buckets().first
            if (try? await archive.expiryTime(asking: bucket)) != nil { return }
        }
        let rest = archive.monotonic.now().duration(to: end)
        guard rest > .zero else { return }
        try await archive.signals.returned.wait(beyond: returns, atMost: rest, monotonic: archive.monotonic)
    }

    private func removeLeftovers(in bucket: BucketName, at now: Timestamp) async throws {
        // A younger upload may be one whose ticket is being written now.
        let limit = Timestamp(milliseconds: now.milliseconds - timings.leftovers.components.seconds * 1_000)
        let kept = try await archive.ledger.tickets()
        for prefix in archive.layout.prefixes {
            let removed: Int
            do {
                removed = try await archive.objects.removeLeftovers(
                    in: bucket, prefix: prefix, before: limit, keeping: kept)
            } catch let error as GuardianError where error.code == .permissionDenied && archive.listing.contains(bucket)
            {
                // Known: the archive's notes or problems say so.
                return
            }
            guard removed > 0 else { continue }
            archive.logger.notice(
                "abandoned uploads removed", metadata: ["bucket": "\(bucket)", "uploads": "\(removed)"])
        }
    }

    /// Runs steps of which none keeps the next, and notes the first error.
    private struct Steps {
        private(set) var error: (any Error)?

        mutating func run(_ step: () async throws -> Void) async {
            guard !Task.isCancelled else { return }
            do { try await step() } catch { self.error = self.error ?? error }
        }
    }
}
