import GuardianCore

/// A change of an event's state.
public enum EventChange: Sendable, Hashable {
    case opened(EventReport)
    case updated(EventReport)
    case closed(EventReport)

    public var report: EventReport {
        switch self {
        case .opened(let report), .updated(let report), .closed(let report): report
        }
    }
}

/// An event's current state, and where it is in the stream. `event.snapshot` and `event.clips` are empty here: the edge
/// fills them in.
public struct EventReport: Sendable, Hashable {
    public var event: Event
    /// The numbers of its tracks: more than one when the watch was lost during the event.
    public var tracks: [Int]
    /// Media time of the first and of the last sighting so far.
    public var firstSight: MediaTime
    public var lastSight: MediaTime
    /// Media time of the best view, the frame for the snapshot. `event.box` is the object's box in that frame.
    public var bestView: MediaTime
    /// Whether the best view differs from that of the previous report.
    public var isNewView: Bool

    public init(
        event: Event, tracks: [Int] = [], firstSight: MediaTime, lastSight: MediaTime, bestView: MediaTime,
        isNewView: Bool
    ) {
        self.tracks = tracks
        self.event = event
        self.firstSight = firstSight
        self.lastSight = lastSight
        self.bestView = bestView
        self.isNewView = isNewView
    }
}
