import GuardianArchive

/// Where a node's objects are kept, and under which names.
public struct ArchivePlace: Sendable {
    public var store: any ObjectStore
    public var layout: ArchiveLayout

    public init(store: any ObjectStore, layout: ArchiveLayout) {
        self.store = store
        self.layout = layout
    }
}
