/// An event's sealed picture in the archive: one file, uploaded before the clips that show the event.
public struct ArchivedPicture: Sendable, Hashable {
    public var event: EventID
    public var camera: CameraID
    /// When the event began.
    public var startedAt: Timestamp
    public var status: ArchiveStatus
    /// The reason of the status, for people.
    public var reason: String?
    public var contentType: String?
    /// The clips that show the event, as far as their journal entries have arrived.
    public var clips: [ClipID]
    public var file: ArchivedPart

    public init(
        event: EventID, camera: CameraID, startedAt: Timestamp, status: ArchiveStatus, reason: String?,
        contentType: String?, clips: [ClipID], file: ArchivedPart
    ) {
        self.event = event
        self.camera = camera
        self.startedAt = startedAt
        self.status = status
        self.reason = reason
        self.contentType = contentType
        self.clips = clips
        self.file = file
    }
}
