import GuardianCore

/// A file, or the beginning of one, that is served over HTTP.
public struct ServedFile: Sendable {
    public var path: String
    /// Bytes that are served: only the durable ones, which may be fewer than a growing file has.
    public var length: Int64
    /// A strong entity tag with its quotes: the same tag means the same bytes.
    public var etag: String
    public var contentType: String
    /// Whether it may still grow; then responses must not be cached.
    public var isGrowing: Bool
    /// The file name under which a browser saves it; ASCII letters, digits and punctuation only.
    public var name: String
    /// Whether it was served shortly before, so that opening it again does not wait for the disk.
    public var isWarm = false
    /// What is served in the midst of the file's own bytes; `length` and ranges count it.
    public private(set) var insertion: Insertion?

    public init(path: String, length: Int64, etag: String, contentType: String, isGrowing: Bool, name: String) {
        self.path = path
        self.length = length
        self.etag = etag
        self.contentType = contentType
        self.isGrowing = isGrowing
        self.name = name
    }

    /// Returns a complete file; its entity tag is its SHA-256.
    public static func complete(
        path: String, length: Int64, sha256: Hash256, contentType: String, name: String
    ) -> ServedFile {
        ServedFile(
            path: path, length: length, etag: "\"\(sha256.hex)\"", contentType: contentType, isGrowing: false,
            name: name)
    }

    /// Returns the durable beginning of a growing file. The file is append-only, so its length identifies its bytes.
    public static func growing(
        path: String, durable: Int64, identity: String, contentType: String, name: String
    ) -> ServedFile {
        ServedFile(
            path: path, length: durable, etag: "\"\(identity)-\(durable)\"", contentType: contentType, isGrowing: true,
            name: name)
    }
}

extension ServedFile {
    /// Bytes that are served although the file does not have them.
    public struct Insertion: Hashable, Sendable {
        /// The file's bytes before them.
        public var offset: Int64
        public var bytes: [UInt8]
        /// Where the file's bytes end that come after them.
        public var end: Int64

        public init(offset: Int64, bytes: [UInt8], end: Int64) {
            self.offset = offset
            self.bytes = bytes
            self.end = end
        }
    }

    /// Returns the same file with bytes inserted that are always the same for it. It has another entity tag.
    public func inserting(_ insertion: Insertion) -> ServedFile {
        var file = self
        file.insertion = insertion
        file.length = insertion.end + Int64(insertion.bytes.count)
        file.etag = "\(etag.dropLast())-inserted\""
        return file
    }
}
