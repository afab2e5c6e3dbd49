import GuardianCore

/// Filters of a list of archived clips; `nil` does not filter.
public struct ArchiveQuery: Sendable, Hashable {
    public var camera: CameraID?
    /// The earliest `startedAt`, inclusive.
    public var from: Timestamp?
    /// The end of the range of `startedAt`, exclusive.
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

/// The operations behind the archive's routes. The node implements them with its table and its object store, the edge
/// by requests to its node.
public struct ArchiveReading: Sendable {
    /// Returns a page, newest `startedAt` first.
    ///
    /// - Throws: `invalid_argument` for a cursor that this server did not issue.
    public typealias List =
        @Sendable (_ query: ArchiveQuery, _ limit: Int, _ cursor: String?) async throws -> PageView<ArchivedClipView>

    /// Returns a page, newest event first.
    public typealias Pictures =
        @Sendable (_ query: ArchiveQuery, _ limit: Int, _ cursor: String?) async throws -> PageView<ArchivedPictureView>

    public var list: List
    /// - Throws: `not_found` when the archive has no part of it.
    public var clip: @Sendable (ClipID) async throws -> ArchivedClipView
    /// - Throws: `not_found` when there is no such file, or none of its bytes have arrived yet.
    public var content: @Sendable (SealedItem) async throws -> SealedContent
    /// Lists events' sealed pictures, newest first.
    public var pictures: Pictures
    /// - Throws: `not_found` when the archive has no picture of this event.
    public var picture: @Sendable (EventID) async throws -> ArchivedPictureView
    public var usage: @Sendable () async throws -> ArchiveUsageView
    /// Sets (`true`) or removes (`false`) the hold of a clip, and returns the changed clip.
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
