import GuardianCore
import GuardianOperations
import ServiceLifecycle

/// The background services of a tenant's archive: shipping to the store, ending silent parts, upkeep and metrics.
public struct ArchiveServices: Sendable {
    /// In start order; they shut down in reverse.
    public let services: [any Service]

    public init(
        _ scope: TenantScope, metrics: MetricsRegistry = MetricsRegistry(),
        timings: ArchiveTimings = ArchiveTimings()
    ) {
        services = [
            ArchiveShipping(archive: scope.archive, backoff: timings.store),
            ArchiveTimeout(archive: scope.archive, timeout: timings.silence),
            ArchiveUpkeep(archive: scope.archive, timings: timings),
            PlaceWatch(archive: scope.archive, interval: timings.places),
            ArchiveMetrics(archive: scope.archive, registry: metrics, interval: timings.metrics),
        ]
    }
}

/// Timeouts and intervals of a node's archive.
public struct ArchiveTimings: Sendable {
    /// How long an edge may send nothing of a part before the node ends the part.
    public var silence: Duration = .seconds(15)
    /// Delays between attempts to ship a part to a store that fails.
    public var store = Backoff(base: .milliseconds(500), limit: .seconds(60))

    /// Interval of upkeep.
    public var upkeep: Duration = .seconds(86_400)
    /// Interval at which a clock that is not believed is looked at again.
    public var doubt: Duration = .seconds(60)
    /// Age from which on an unfinished upload that belongs to no part is removed.
    public var leftovers: Duration = .seconds(3_600)

    /// Interval at which the archive's places are looked for: whether their disks are mounted.
    public var places: Duration = .seconds(10)

    /// Interval at which the archive's metrics are updated.
    public var metrics: Duration = .seconds(10)

    public init() {}
}

extension TenantScope {
    /// Returns how much the tenant's archive holds, and its limits.
    public func archiveUsage() async throws -> ArchiveUsage { try await archive.ledger.usage() }

    /// Returns what the answer about the archive's usage says.
    package func archiveReport() async throws -> ArchiveReport { try await ArchiveListing(self).report() }

    /// Returns the content of a sealed file.
    package func sealed(_ item: SealedItem) async throws -> SealedFile { try await archive.content(item) }

    /// Puts a clip on hold, so that the node never removes it, or releases the hold.
    public func hold(_ clip: ClipID, _ isHeld: Bool = true) async throws {
        try await archive.hold(clip, isHeld)
    }
}
