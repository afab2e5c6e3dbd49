import GuardianCore

/// The operations behind the archive's routes. The node implements them with its table and its object store, the edge
/// by requests to its node.
public struct ArchiveReading: Sendable {
    /// Returns a page, newest `startedAt` first.
    ///
    /// - Throws: `invalid_argument` for a cursor that this server did not issue.
    public typealias List =
        @Sendable (_ query: ArchiveQuery, _ limit: Int, _ cursor: String?) async throws -> ArchivePage<ArchivedClip>

    /// Returns a page, newest event first.
    public typealias Pictures =
        @Sendable (_ query: ArchiveQuery, _ limit: Int, _ cursor: String?) async throws -> ArchivePage<ArchivedPicture>

    public var list: List
    /// - Throws: `not_found` when the archive has no part of it.
    public var clip: @Sendable (ClipID) async throws -> ArchivedClip
    /// - Throws: `not_found` when there is no such file, or none of its bytes have arrived yet.
    public var content: @Sendable (SealedItem) async throws -> RemoteContent
    /// Lists events' sealed pictures, newest first.
    public var pictures: Pictures
    /// - Throws: `not_found` when the archive has no picture of this event.
    public var picture: @Sendable (EventID) async throws -> ArchivedPicture
    public var usage: @Sendable () async throws -> ArchiveReport
    /// Sets (`true`) or removes (`false`) the hold of a clip, and returns the changed clip.
    ///
    /// - Throws: `not_found` when the archive has no part of it.
    public var hold: @Sendable (ClipID, Bool) async throws -> ArchivedClip
    /// The names that cameras have in requests and answers.
    public var cameras: CameraNames

    public init(
        list: @escaping List, clip: @escaping @Sendable (ClipID) async throws -> ArchivedClip,
        content: @escaping @Sendable (SealedItem) async throws -> RemoteContent,
        pictures: @escaping Pictures, picture: @escaping @Sendable (EventID) async throws -> ArchivedPicture,
        usage: @escaping @Sendable () async throws -> ArchiveReport,
        hold: @escaping @Sendable (ClipID, Bool) async throws -> ArchivedClip, cameras: CameraNames
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
