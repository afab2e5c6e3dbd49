import GuardianCore

/// What a store says of an object that it holds.
public struct ObjectReceipt: Hashable, Sendable, Codable {
    public var key: ObjectKey
    /// Bytes.
    public var size: Int64
    /// The store's own tag without quotes: another one means other bytes. It is no hash that we could check.
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

/// A part of a bucket's list.
public struct ObjectPage: Hashable, Sendable {
    /// An object as a list has it. Its name may be one that we would never give.
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
    /// Where the next page begins; `nil` when this is the last.
    public var next: String?

    public init(items: [Item], next: String?) {
        self.items = items
        self.next = next
    }
}
