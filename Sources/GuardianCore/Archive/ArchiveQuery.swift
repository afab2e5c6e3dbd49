/// Filters of a list of archived clips or pictures; `nil` does not filter.
public struct ArchiveQuery: Sendable, Hashable {
    public var cameras: Set<CameraID>?
    /// The earliest `startedAt`, inclusive.
    public var from: Timestamp?
    /// The end of the range of `startedAt`, exclusive.
    public var to: Timestamp?
    public var status: ArchiveStatus?
    /// Only what shows this event.
    public var event: EventID?

    public init(
        cameras: Set<CameraID>? = nil, from: Timestamp? = nil, to: Timestamp? = nil, status: ArchiveStatus? = nil,
        event: EventID? = nil
    ) {
        self.cameras = cameras
        self.from = from
        self.to = to
        self.status = status
        self.event = event
    }
}
