/// One page of a list of the archive, newest first.
public struct ArchivePage<Item: Sendable>: Sendable {
    /// The most items of a page.
    public static var limit: Int { 200 }

    public var items: [Item]
    /// Where the next page begins; `nil` on the last page.
    public var nextCursor: String?

    public init(items: [Item], nextCursor: String? = nil) {
        self.items = items
        self.nextCursor = nextCursor
    }
}

extension ArchivePage: Equatable where Item: Equatable {}
