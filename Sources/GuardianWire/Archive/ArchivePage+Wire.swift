import GuardianCore
import SwiftProtobuf

extension Guardian_V1_ArchivePage {
    /// A page that ends earlier where its message would become too large; at least its first item is in it.
    public init(_ page: ArchivePage<ArchivedClip>) throws {
        self.init()
        let (items, next) = try Self.fitting(page, \.id.description, Guardian_V1_ArchivedClip.init) {
            1 + 2 * $0.parts.count
        }
        clips.items = items
        nextCursor = next ?? ""
    }

    /// A page that ends earlier where its message would become too large; at least its first item is in it.
    public init(_ page: ArchivePage<ArchivedPicture>) throws {
        self.init()
        let (items, next) = try Self.fitting(page, \.event.description, Guardian_V1_ArchivedPicture.init) { _ in 3 }
        pictures.items = items
        nextCursor = next ?? ""
    }

    private static func fitting<Item, Wire: Message>(
        _ page: ArchivePage<Item>, _ id: (Item) -> String, _ wire: (Item) -> Wire, messages: (Wire) -> Int
    ) throws -> (items: [Wire], next: String?) {
        var items: [Wire] = []
        // One is the list.
        var (bytes, count) = (0, 1)
        for (index, item) in page.items.enumerated() {
            let message = wire(item)
            bytes += (try message.serializedBytes() as [UInt8]).count
            count += messages(message)
            guard index == 0 || bytes <= ArchiveLimits.page && count <= ArchiveLimits.messages else {
                return (items, id(page.items[index - 1]))
            }
            items.append(message)
        }
        return (items, page.nextCursor)
    }

    /// The clips, checked.
    ///
    /// - Throws: `GuardianError` `.internal` when a value is impossible, `unimplemented` when there is no page of clips.
    public func checkedClips() throws -> ArchivePage<ArchivedClip> {
        guard case .clips(let clips) = list else { throw Self.otherVersion }
        return try checked(clips.items, ArchivedClip.init)
    }

    /// The one clip that was asked for, checked.
    ///
    /// - Throws: what `checkedClips` throws.
    public func checkedClip() throws -> ArchivedClip {
        let clips = try checkedClips().items
        guard clips.count == 1 else { throw WireField.impossible }
        return clips[0]
    }

    /// The pictures, checked.
    ///
    /// - Throws: `GuardianError` `.internal` when a value is impossible, `unimplemented` when there is no page of
    ///   pictures.
    public func checkedPictures() throws -> ArchivePage<ArchivedPicture> {
        guard case .pictures(let pictures) = list else { throw Self.otherVersion }
        return try checked(pictures.items, ArchivedPicture.init)
    }

    /// The one picture that was asked for, checked.
    ///
    /// - Throws: what `checkedPictures` throws.
    public func checkedPicture() throws -> ArchivedPicture {
        let pictures = try checkedPictures().items
        guard pictures.count == 1 else { throw WireField.impossible }
        return pictures[0]
    }

    private func checked<Wire, Item>(_ items: [Wire], _ item: (Wire) throws -> Item) throws -> ArchivePage<Item> {
        let items = try WireField.checked(items, to: ArchivePage<Item>.limit)
        guard nextCursor.utf8.count <= ArchiveLimits.cursor, nextCursor.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw WireField.impossible }
        return ArchivePage(items: try items.map(item), nextCursor: nextCursor.isEmpty ? nil : nextCursor)
    }

    /// The error for an answer without what was asked for: older nodes answered with JSON.
    static var otherVersion: GuardianError {
        GuardianError(
            .unimplemented,
            "The node does not answer about its archive as this version expects it: update the edge and the node together."
        )
    }
}
