import Foundation
import GRDB
import GuardianCore
import GuardianStorage

/// Queries over events, clips and coverage, at the edge and at the node. Read-only; every query reads one state of the
/// database.
public struct Catalogue: Sendable {
    let store: Store

    public init(store: Store) { self.store = store }

    /// Returns the event as of its newest entry; `nil` when there is none.
    public func event(_ id: EventID) async throws -> Event? {
        try await store.read { try Self.events([id], in: $0)[id] }
    }

    /// Returns those of the events that are known.
    public func events(_ ids: [EventID]) async throws -> [EventID: Event] {
        try await store.read { try Self.events(ids, in: $0) }
    }

    /// Returns every event that was opened and not closed; a start after a crash closes these.
    public func openEvents() async throws -> [Event] {
        try await store.read { database in
            let ids = try UUID.fetchAll(database, sql: CatalogueSQL.openEvents).map(EventID.init)
            let events = try Self.events(ids, in: database)
            return ids.compactMap { events[$0] }
        }
    }

    static func events(_ ids: [EventID], in database: Database) throws -> [EventID: Event] {
        let statement = try database.cachedStatement(sql: CatalogueSQL.eventPayload)
        var events: [EventID: Event] = [:]
        for id in ids {
            guard let payload = try Data.fetchOne(statement, arguments: [id.uuid]) else { continue }
            events[id] = JournalContent.stored(Array(payload))?.body.event
        }
        return events
    }
}

/// Which events a query returns; a `nil` field does not restrict it.
public struct EventFilter: Hashable, Sendable {
    public var cameras: Set<CameraID>?
    public var label: Label?
    /// Events with this `startedAt` or a later one.
    public var from: Timestamp?
    /// Events with an earlier `startedAt`.
    public var to: Timestamp?
    /// Only events that are kept.
    public var isKept = false

    public init(
        cameras: Set<CameraID>? = nil, label: Label? = nil, from: Timestamp? = nil, to: Timestamp? = nil,
        isKept: Bool = false
    ) {
        self.cameras = cameras
        self.label = label
        self.from = from
        self.to = to
        self.isKept = isKept
    }
}

/// A page of a list, and the cursor of the next page.
public struct Page<Item: Sendable>: Sendable {
    public let items: [Item]
    /// `nil`: this was the last page.
    public let next: PageCursor?
}

/// A position in a list of events or clips: the last item of a page. Its text is opaque to clients.
public struct PageCursor: Hashable, Sendable, CustomStringConvertible {
    let startedAt: Timestamp
    let id: UUID

    init(startedAt: Timestamp, id: UUID) {
        self.startedAt = startedAt
        self.id = id
    }

    /// `nil` unless the text is a cursor.
    public init?(_ text: String) {
        guard text.utf8.count <= 64, let bytes = Base64URL.decode(text.utf8), bytes.count == 24 else { return nil }
        startedAt = Timestamp(milliseconds: Int64(bitPattern: bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }))
        guard let id = UUID(bytes: bytes[8...]) else { return nil }
        self.id = id
    }

    public var description: String {
        let time = withUnsafeBytes(of: UInt64(bitPattern: startedAt.milliseconds).bigEndian) { Array($0) }
        return Base64URL.encode(time + withUnsafeBytes(of: id.uuid) { Array($0) })
    }
}

extension UUID {
    init?(bytes: ArraySlice<UInt8>) {
        guard bytes.count == 16 else { return nil }
        self = bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}
