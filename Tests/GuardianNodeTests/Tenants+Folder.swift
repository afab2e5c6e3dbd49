import GuardianArchive
import GuardianCore
import GuardianNode
import Testing

extension Tenants {
    /// Opens tenants whose archive is a folder beside theirs.
    convenience init(
        folder: String, monotonic: any MonotonicClock = SystemMonotonicClock()
    ) throws {
        let bucket = try #require(BucketName("guardian"))
        try self.init(
            folder: folder,
            objects: ArchivePlace(store: try DirectoryStore(folder: folder + "-archive"), layout: .oneBucket(bucket)),
            monotonic: monotonic)
    }
}
