import GuardianCore

/// Which events a list is of; a missing bound bounds nothing.
public struct EventQuery: Sendable, Hashable {
    public var camera: CameraID?
    public var label: Label?
    /// First `startedAt` that is in.
    public var from: Timestamp?
    /// First `startedAt` that is out.
    public var to: Timestamp?
    /// Only events that somebody keeps.
    public var isKept = false

    public init(
        camera: CameraID? = nil, label: Label? = nil, from: Timestamp? = nil, to: Timestamp? = nil, isKept: Bool = false
    ) {
        self.camera = camera
        self.label = label
        self.from = from
        self.to = to
        self.isKept = isKept
    }
}

/// What the event routes read. Edge and node fill it from their own tables, so that both answer in the same shapes.
public struct EventReading: Sendable {
    /// A page, newest `startedAt` first, and the cursor of the next one.
    public typealias List =
        @Sendable (_ query: EventQuery, _ limit: Int, _ cursor: String?) async throws -> (
            items: [Event], next: String?
        )
    /// Tells of changes after a position until it is cancelled: the position to resume after, and
    /// the events that are to be read anew.
    public typealias Changes =
        @Sendable (
            _ after: Int64, _ tell: @Sendable (_ position: Int64, _ events: [EventID]) async throws -> Void
        ) async throws -> Void

    public var list: List
    public var event: @Sendable (EventID) async throws -> Event?
    public var events: @Sendable ([EventID]) async throws -> [EventID: Event]
    public var neighbours: @Sendable (EventID) async throws -> (previous: EventID?, next: EventID?)
    public var clips: @Sendable ([ClipID]) async throws -> [ClipID: Clip]
    public var delivery: @Sendable ([EventID]) async throws -> [EventID: DeliveryView]
    /// How far clips are on their way into the archive; those that nobody wants there are left out.
    public var archive: @Sendable ([ClipID]) async throws -> [ClipID: ArchiveView] = { _ in [:] }
    /// The events of these that somebody keeps.
    public var kept: @Sendable ([EventID]) async throws -> Set<EventID> = { _ in [] }
    /// Steps of so many milliseconds from the beginning of the span; those without events are left out.
    public var density:
        @Sendable (_ query: EventQuery, _ from: Timestamp, _ to: Timestamp, _ step: Int64) async throws -> [(
            at: Timestamp, count: Int
        )]
    /// The newest position of all.
    public var position: @Sendable () -> Int64
    public var changes: Changes
    public var cameras: CameraNames
    /// Whether this server has snapshots and clips themselves.
    public var servesFiles: Bool

    public init(
        list: @escaping List, event: @escaping @Sendable (EventID) async throws -> Event?,
        events: @escaping @Sendable ([EventID]) async throws -> [EventID: Event],
        neighbours: @escaping @Sendable (EventID) async throws -> (previous: EventID?, next: EventID?),
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

/// The names by which cameras go in addresses and answers: aliases where they are known, UUIDs always.
public struct CameraNames: Sendable {
    private let aliases: [CameraID: CameraAlias]
    private let ids: [CameraAlias: CameraID]

    public init(_ cameras: [CameraID: CameraAlias]) {
        aliases = cameras
        ids = Dictionary(cameras.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
    }

    /// `nil` for a camera that has none here.
    public func alias(of camera: CameraID) -> CameraAlias? { aliases[camera] }

    /// The alias, or the UUID of a camera that has none here.
    public func name(of camera: CameraID) -> String { aliases[camera]?.text ?? camera.description }

    /// The camera that a request names.
    ///
    /// - Throws: `not_found` when it is neither a known alias nor a UUID.
    public func camera(named alias: CameraAlias) throws -> CameraID {
        if let id = ids[alias] ?? CameraID(alias.text) { return id }
        throw GuardianError(.notFound, "There is no camera \(alias). GET /api/v1/cameras lists them.")
    }
}
