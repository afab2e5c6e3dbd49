/// One page of a list, in the list's order.
public struct PageView<Item: Codable & Sendable>: Codable, Sendable {
    public var items: [Item]
    /// What to send as `cursor` for the next page; `null` on the last one.
    @Nullable public var nextCursor: String?

    public init(items: [Item], nextCursor: String? = nil) {
        self.items = items
        self.nextCursor = nextCursor
    }
}
