import GuardianCore

/// Which archived clips a list is of; a missing bound bounds nothing.
public struct ArchiveQuery: Sendable, Hashable {
    public var camera: CameraID?
    /// First `startedAt` that is in.
    public var from: Timestamp?
    /// First `startedAt` that is out.
    public var to: Timestamp?
    public var status: ArchiveStatus?
    /// Only clips that show this event.
    public var event: EventID?

    public init(
        camera: CameraID? = nil, from: Timestamp? = nil, to: Timestamp? = nil, status: ArchiveStatus? = nil,
        event: EventID? = nil
    ) {
        self.camera = camera
        self.from = from
        self.to = to
        self.status = status
        self.event = event
    }
}

/// A sealed file of the archive.
public enum SealedItem: Hashable, Sendable {
    case part(ClipID, Int)
    case snapshot(EventID)
}

/// What the archive's routes read, and the one thing that they change. The node fills it from its table and its store, the edge by asking its node.
public struct ArchiveReading: Sendable {
    /// A page, newest `startedAt` first.
    ///
    /// - Throws: `invalid_argument` for a cursor that nobody here gave out.
    public typealias List =
        @Sendable (_ query: ArchiveQuery, _ limit: Int, _ cursor: String?) async throws -> PageView<ArchivedClipView>

    /// A page, newest event first.
    public typealias Pictures =
        @Sendable (_ query: ArchiveQuery, _ limit: Int, _ cursor: String?) async throws -> PageView<ArchivedPictureView>

    public var list: List
    /// - Throws: `not_found` when the archive has no part of it.
    public var clip: @Sendable (ClipID) async throws -> ArchivedClipView
    /// - Throws: `not_found` when there is no such file, or nothing of it yet.
    public var content: @Sendable (SealedItem) async throws -> SealedContent
    /// Events' sealed pictures, newest first.
    public var pictures: Pictures
    /// - Throws: `not_found` when the archive has none of this event.
    public var picture: @Sendable (EventID) async throws -> ArchivedPictureView
    public var usage: @Sendable () async throws -> ArchiveUsageView
    /// Keeps a clip from every removal, or lets it go again; the clip as it is then.
    ///
    /// - Throws: `not_found` when the archive has no part of it.
    public var hold: @Sendable (ClipID, Bool) async throws -> ArchivedClipView
    public var cameras: CameraNames

    public init(
        list: @escaping List, clip: @escaping @Sendable (ClipID) async throws -> ArchivedClipView,
        content: @escaping @Sendable (SealedItem) async throws -> SealedContent,
        pictures: @escaping Pictures, picture: @escaping @Sendable (EventID) async throws -> ArchivedPictureView,
        usage: @escaping @Sendable () async throws -> ArchiveUsageView,
        hold: @escaping @Sendable (ClipID, Bool) async throws -> ArchivedClipView, cameras: CameraNames
    ) {
        self.list = list
        self.clip = clip
        self.content = content
        self.pictures = pictures
        self.picture = picture
        self.usage = usage
        self.hold = hold
        self.cameras = cameras
    }
}
