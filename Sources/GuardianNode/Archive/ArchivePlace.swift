import GuardianArchive

/// A node's object store, with its layout and its quota.
public struct ArchivePlace: Sendable {
    public var store: any ObjectStore
    public var layout: ArchiveLayout
    public var quota: ArchiveQuota

    public init(store: any ObjectStore, layout: ArchiveLayout, quota: ArchiveQuota = ArchiveQuota()) {
        self.store = store
        self.layout = layout
        self.quota = quota
    }
}
