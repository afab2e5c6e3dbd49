import GuardianCore

/// Filters of a list of events; `nil` does not filter.
public struct EventQuery: Sendable, Hashable {
    public var cameras: Set<CameraID>?
    public var label: Label?
    /// The earliest `startedAt`, inclusive.
    public var from: Timestamp?
    /// The end of the range of `startedAt`, exclusive.
    public var to: Timestamp?
    /// Whether only events with a keep are listed.
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

/// The queries behind the event routes. Edge and node implement them with their own tables; the responses have the same
/// format at both.
public struct EventReading: Sendable {
    /// Returns a page, newest `startedAt` first, and the cursor of the next page.
    public typealias List =
        @Sendable (_ query: EventQuery, _ limit: Int, _ cursor: String?) async throws -> (
            items: [Event], next: String?
        )
    /// Calls `report` for changes after a position until it is cancelled, with the position to resume after and the
    /// events that changed.
    public typealias Changes =
        @Sendable (
            _ after: Int64, _ report: @Sendable (_ position: Int64, _ events: [EventID]) async throws -> Void
        ) async throws -> Void

    public typealias Neighbours =
        @Sendable (_ event: EventID, _ cameras: Set<CameraID>?) async throws -> (previous: EventID?, next: EventID?)

    public var list: List
    public var event: @Sendable (EventID) async throws -> Event?
    public var events: @Sendable ([EventID]) async throws -> [EventID: Event]
    /// Returns the events before and after this one, of these cameras; `nil`: of all.
    public var neighbours: Neighbours
    public var clips: @Sendable ([ClipID]) async throws -> [ClipID: Clip]
    public var delivery: @Sendable ([EventID]) async throws -> [EventID: DeliveryView]
    /// Returns the archiving state of clips; clips that are not to be archived are left out.
    public var archive: @Sendable ([ClipID]) async throws -> [ClipID: ArchiveView] = { _ in [:] }
    /// Returns those of the given events that have a keep.
    public var kept: @Sendable ([EventID]) async throws -> Set<EventID> = { _ in [] }
    /// Returns those of the given events whose snapshot was deleted.
    public var withoutPicture: @Sendable ([EventID]) async throws -> Set<EventID> = { _ in [] }
    /// Returns the number of events in each step of `step` milliseconds from the start of the span; empty steps are
    /// left out.
    public var density:
        @Sendable (_ query: EventQuery, _ from: Timestamp, _ to: Timestamp, _ step: Int64) async throws -> [(
            at: Timestamp, count: Int
        )]
    /// Returns the newest position.
    public var position: @Sendable () -> Int64
    public var changes: Changes
    public var cameras: CameraNames
    /// Whether this server has the files of snapshots and clips.
    public var servesFiles: Bool

    public init(
        list: @escaping List, event: @escaping @Sendable (EventID) async throws -> Event?,
        events: @escaping @Sendable ([EventID]) async throws -> [EventID: Event],
        neighbours: @escaping Neighbours,
        clips: @escaping @Sendable ([ClipID]) async throws -> [ClipID: Clip],
        delivery: @escaping @Sendable ([EventID]) async throws -> [EventID: DeliveryView],
        density:
            @escaping @Sendable (EventQuery, Timestamp, Timestamp, Int64) async throws -> [(at: Timestamp, count: Int)],
        position: @escaping @Sendable () -> Int64, changes: @escaping Changes, cameras: CameraNames, servesFiles: Bool
    ) {
        self.list = list
        self.event = event
        self.events = events
        self.neighbours = neighbours
        self.clips = clips
        self.delivery = delivery
        self.density = density
        self.position = position
        self.changes = changes
        self.cameras = cameras
        self.servesFiles = servesFiles
    }
}
