import GuardianCore

/// A file, or the beginning of one, as it is offered over HTTP.
public struct ServedFile: Sendable {
    public var path: String
    /// Bytes that are offered: those that are safely on disk, which of a file that grows may be fewer than there are.
    public var length: Int64
    /// A strong entity tag with its quotes: the same tag means the same bytes.
    public var etag: String
    public var contentType: String
    /// Whether it may still grow: then no cache may keep it.
    public var isGrowing: Bool
    /// The name under which a browser saves it when asked to; plain letters only.
    public var name: String
    /// Whether it was served a moment ago, so that opening it again waits for no disk.
    public var isWarm = false

    public init(path: String, length: Int64, etag: String, contentType: String, isGrowing: Bool, name: String) {
        self.path = path
        self.length = length
        self.etag = etag
        self.contentType = contentType
        self.isGrowing = isGrowing
        self.name = name
    }

    /// A file that is complete; its tag is its SHA-256.
    public static func complete(
        path: String, length: Int64, sha256: Hash256, contentType: String, name: String
    ) -> ServedFile {
        ServedFile(
            path: path, length: length, etag: "\"\(sha256.hex)\"", contentType: contentType, isGrowing: false,
            name: name)
    }

    /// The durable beginning of a file that grows; append-only, so that its length names its bytes.
    public static func growing(
        path: String, durable: Int64, identity: String, contentType: String, name: String
    ) -> ServedFile {
        ServedFile(
            path: path, length: durable, etag: "\"\(identity)-\(durable)\"", contentType: contentType, isGrowing: true,
            name: name)
    }
}
