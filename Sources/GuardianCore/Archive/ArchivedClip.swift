/// A sealed clip in the archive, in one part or several.
public struct ArchivedClip: Sendable, Hashable {
    public var id: ClipID
    public var camera: CameraID
    public var startedAt: Timestamp
    /// Milliseconds; `nil` until the clip's journal entry has arrived.
    public var duration: Int64?
    public var status: ArchiveStatus
    /// The reason of the status, for people.
    public var reason: String?
    /// Whether the owner holds it, so that neither its age nor the quota removes it.
    public var isHeld: Bool
    public var contentType: String?
    /// The events that it shows, as far as their journal entries have arrived.
    public var events: [EventID]
    /// Those of the events whose sealed pictures are in the archive.
    public var pictures: [EventID]
    /// In ascending order of their numbers.
    public var parts: [ArchivedPart]

    public init(
        id: ClipID, camera: CameraID, startedAt: Timestamp, duration: Int64?, status: ArchiveStatus, reason: String?,
        isHeld: Bool, contentType: String?, events: [EventID], pictures: [EventID], parts: [ArchivedPart]
    ) {
        self.id = id
        self.camera = camera
        self.startedAt = startedAt
        self.duration = duration
        self.status = status
        self.reason = reason
        self.isHeld = isHeld
        self.contentType = contentType
        self.events = events
        self.pictures = pictures
        self.parts = parts
    }
}
