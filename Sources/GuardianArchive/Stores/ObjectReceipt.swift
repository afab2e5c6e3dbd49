import GuardianCore

/// A store's description of an object that it holds.
public struct ObjectReceipt: Hashable, Sendable, Codable {
    public var key: ObjectKey
    /// Bytes.
    public var size: Int64
    /// The store's ETag without quotes. Another ETag means other bytes; it is not a hash that we could verify.
    public var etag: String
    /// When it was stored, by the store's clock.
    public var storedAt: Timestamp

    public init(key: ObjectKey, size: Int64, etag: String, storedAt: Timestamp) {
        self.key = key
        self.size = size
        self.etag = etag
        self.storedAt = storedAt
    }
}

/// One page of a bucket's list.
public struct ObjectPage: Hashable, Sendable {
    /// An object in the list. Its name may be one that we never use.
    public struct Item: Hashable, Sendable {
        public var name: String
        /// Bytes.
        public var size: Int64
        public var storedAt: Timestamp

        public init(name: String, size: Int64, storedAt: Timestamp) {
            self.name = name
            self.size = size
            self.storedAt = storedAt
        }
    }

    public var items: [Item]
    /// The continuation for the next page; `nil` when this is the last.
    public var next: String?

    public init(items: [Item], next: String?) {
        self.items = items
        self.next = next
    }
}
