import GuardianArchive

/// A node's object store, with its layout and its quota, and the room that stays free on the node's own disk.
public struct ArchivePlace: Sendable {
    public var store: any ObjectStore
    public var layout: ArchiveLayout
    public var quota: ArchiveQuota
    /// Bytes that stay free on the disk of the spool and the journal; `nil`: 1 GiB, or a twentieth of a smaller disk.
    public var keepFree: Int64?
    /// Reads the space of a folder's disk; `nil` when it cannot be read.
    public var diskRoom: @Sendable (_ folder: String) -> DiskRoom? = DiskRoom.read

    public init(store: any ObjectStore, layout: ArchiveLayout, quota: ArchiveQuota = ArchiveQuota()) {
        self.store = store
        self.layout = layout
        self.quota = quota
    }
}
