import GuardianArchive
import GuardianConfiguration
import GuardianCore
import Logging

/// Where the archive's objects are stored: in a folder, or on an S3-compatible server.
public struct ArchiveConfiguration: Sendable {
    public enum Place: Sendable {
        case folder(String)
        case s3(S3Configuration)
    }

    public var place: Place
    public var layout: ArchiveLayout
    public var quota: ArchiveQuota

    init(_ section: ConfigurationSection, state: String) throws {
        let bucket = "3 to 63 of a–z, 0–9 and -, such as guardian"
        var name = BucketName("guardian")
        if section.has("s3") {
            let s3 = try section.section("s3")
            place = .s3(try S3Configuration(s3))
            name = try s3.value("bucket", bucket, { BucketName($0) }) ?? name
            try s3.finish()
        } else {
            let folder = try section.string("folder") ?? "\(state)/archive"
            guard folder.hasPrefix("/") else { throw section.refusal("folder", "must be an absolute path") }
            place = .folder(folder)
        }
        let perCamera = try section.boolean("bucketPerCamera") ?? false
        quota = try ArchiveQuota(section.section("quota"), days: section.integer("keepDays", in: 1...36_500))
        guard let name else { throw GuardianError(.internal, "The default bucket has no valid name.") }
        layout = perCamera ? .bucketPerCamera : .oneBucket(name)
    }

    /// Opens the store; a folder that cannot be opened now is opened later.
    ///
    /// - Throws: what opening an S3 store throws: its keys or its authority's file cannot be read; `unimplemented` for a folder
    ///   on a file system without hard links.
    func open(logger: Logger) async throws -> ArchivePlace {
        switch place {
        case .folder(let folder):
            let store = DeferredStore { try DirectoryStore(folder: folder) }
            try await store.prepare()
            return ArchivePlace(store: store, layout: layout, quota: quota)
        case .s3(let configuration):
            return ArchivePlace(store: try S3Store(configuration, logger: logger), layout: layout, quota: quota)
        }
    }
}

extension ArchiveQuota {
    init(_ section: ConfigurationSection, days: Int?) throws {
        func limit(_ bytes: String, _ objects: String) throws -> Limit {
            Limit(
                bytes: try section.integer(bytes, in: 0...Int.max).map { Int64($0) },
                objects: try section.integer(objects, in: 0...Int.max).map { Int64($0) })
        }
        self.init(
            all: try limit("bytes", "objects"), camera: try limit("cameraBytes", "cameraObjects"),
            whenFull: try section.choice("whenFull") ?? .refuse, days: days)
        try section.finish()
    }
}

extension S3Configuration {
    init(_ section: ConfigurationSection) throws {
        guard
            let endpoint = try section.value(
                "endpoint", "an address, such as https://s3.example.org", { S3Endpoint($0) })
        else { throw section.refusal("endpoint", "is missing: write the server's http(s) address") }
        let region = try section.string("region") ?? "us-east-1"
        let style: Style = try section.choice("style") ?? .path
        let credentials: S3CredentialSource
        if let keyID = try section.string("keyId") {
            guard let file = try section.string("secretFile") else {
                throw section.refusal("secretFile", "is missing: write the path of a file that only you may read")
            }
            credentials = .secretFile(keyID: keyID, path: file)
        } else {
            credentials = .environment
        }
        self.init(
            endpoint: endpoint, region: region, style: style, credentials: credentials,
            authority: try section.string("authority"))
    }
}
