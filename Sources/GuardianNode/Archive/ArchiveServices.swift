import GuardianCore
import GuardianOperations
import ServiceLifecycle

/// What a node does for a tenant's archive beside taking parts: brings them to the store, ends what falls
/// silent, looks after what is stored, and counts.
public struct ArchiveServices: Sendable {
    /// In the order of their start; they end in reverse.
    public let services: [any Service]

    public init(
        _ scope: TenantScope, metrics: MetricsRegistry = MetricsRegistry(),
        patience: ArchivePatience = ArchivePatience()
    ) {
        services = [
            ArchiveShipping(archive: scope.archive, backoff: patience.store),
            ArchiveSilence(archive: scope.archive, patience: patience.silence),
            ArchiveUpkeep(archive: scope.archive, patience: patience),
            ArchiveMetrics(archive: scope.archive, registry: metrics, interval: patience.metrics),
        ]
    }
}

/// How long a node waits with what belongs to its archive.
public struct ArchivePatience: Sendable {
    /// An edge may be silent about a part for so long before the node ends it.
    public var silence: Duration = .seconds(15)
    /// Between two tries to bring a part to a store that fails.
    public var store = Backoff(base: .milliseconds(500), limit: .seconds(60))

    /// Between two looks at all that is stored.
    public var upkeep: Duration = .seconds(86_400)
    /// What an upload left that is older, and that no part names, is removed.
    public var leftovers: Duration = .seconds(3_600)

    /// Between two looks at what the archive holds, for its metrics.
    public var metrics: Duration = .seconds(10)

    public init() {}
}

extension TenantScope {
    /// How much room the tenant's archive takes.
    public func archiveUsage() async throws -> ArchiveUsage { try await archive.ledger.usage() }

    /// Keeps a clip from every removal, or lets it go again.
    public func hold(_ clip: ClipID, _ isHeld: Bool = true) async throws {
        try await archive.hold(clip, isHeld)
    }
}
