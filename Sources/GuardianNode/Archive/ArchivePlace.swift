import GuardianArchive
import GuardianCore

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

    /// The place of one tenant's objects. The home tenant's are where they were before a node had several; others' are below a folder
    /// with the tenant's name, in the archive's bucket or, with a bucket for each camera, in one for all tenants: an edge chooses the
    /// identities of its cameras and clips, and must not be able to choose another tenant's objects.
    ///
    /// - Throws: `internal` when that place has no name.
    func of(_ tenant: TenantName) throws -> ArchivePlace {
        guard tenant != .home else { return self }
        let bucket: BucketName?
        var folder = "tenant-\(tenant)"
        switch layout {
        case .oneBucket(let own, let above):
            bucket = own
            if let above { folder = "\(above)/\(folder)" }
        case .bucketPerCamera: bucket = BucketName("guardian-tenants")
        }
        guard let bucket, let below = ObjectName(folder) else {
            throw GuardianError(.internal, "The archive of \(tenant) has no valid name.")
        }
        var place = self
        place.layout = .oneBucket(bucket, below: below)
        return place
    }
}
