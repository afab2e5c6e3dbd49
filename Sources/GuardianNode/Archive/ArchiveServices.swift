import GuardianOperations
import ServiceLifecycle

/// What a node does for a tenant's archive beside taking parts: brings them to the store, and ends what falls silent.
public struct ArchiveServices: Sendable {
    /// In the order of their start; they end in reverse.
    public let services: [any Service]

    public init(_ scope: TenantScope, patience: ArchivePatience = ArchivePatience()) {
        services = [
            ArchiveShipping(archive: scope.archive, backoff: patience.store),
            ArchiveSilence(archive: scope.archive, patience: patience.silence),
        ]
    }
}

/// How long a node waits with what belongs to its archive.
public struct ArchivePatience: Sendable {
    /// An edge may be silent about a part for so long before the node ends it.
    public var silence: Duration = .seconds(15)
    /// Between two tries to bring a part to a store that fails.
    public var store = Backoff(base: .milliseconds(500), limit: .seconds(60))

    public init() {}
}
