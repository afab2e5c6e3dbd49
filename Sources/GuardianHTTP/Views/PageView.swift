import GuardianCore

/// One page of a list, in the list's order.
public struct PageView<Item: Codable & Sendable>: Codable, Sendable {
    public var items: [Item]
    /// The `cursor` of the next page; `null` on the last page.
    @Nullable public var nextCursor: String?

    public init(items: [Item], nextCursor: String? = nil) {
        self.items = items
        self.nextCursor = nextCursor
    }
}

extension PageView {
    init<Archived>(_ page: ArchivePage<Archived>, _ view: (Archived) -> Item) {
        self.init(items: page.items.map(view), nextCursor: page.nextCursor)
    }
}
