import GuardianCore

/// An event's sealed picture in the archive: one file, uploaded before the clips that show the event.
public struct ArchivedPictureView: Codable, Sendable, CameraNaming {
    public var eventId: EventID
    /// The camera's alias; `null` when it is unknown.
    @Nullable public var camera: String?
    public var cameraId: CameraID
    /// When the event began.
    public var startedAt: Moment
    public var status: ArchiveStatus
    /// The reason of the status, for people.
    @Nullable public var reason: String?
    @Nullable public var contentType: String?
    /// The clips that show the event, as far as their journal entries have arrived.
    public var clips: [ClipID]
    public var file: ArchivedPartView

    public init(_ picture: ArchivedPicture) {
        eventId = picture.event
        cameraId = picture.camera
        startedAt = picture.startedAt.moment
        status = picture.status
        reason = picture.reason
        contentType = picture.contentType
        clips = picture.clips
        file = ArchivedPartView(picture.file)
    }
}
