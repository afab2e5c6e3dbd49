import GuardianCore

/// What became of an event at one moment.
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

/// An event as it stands, and where in the stream it can be seen. `event.snapshot` and `event.clips` are empty here:
/// who records fills them in.
public struct EventReport: Sendable, Hashable {
    public var event: Event
    /// The numbers of the tracks that made it; more than one when the watch was lost meanwhile.
    public var tracks: [Int]
    /// Media time of the first and of the last sight so far, in milliseconds of the stream.
    public var firstSight: Int64
    public var lastSight: Int64
    /// Media time of the best view: the picture for the snapshot. `event.box` is where the object is in it.
    public var bestView: Int64
    /// The best view is another than in the report before.
    public var isNewView: Bool

    public init(
        event: Event, tracks: [Int] = [], firstSight: Int64, lastSight: Int64, bestView: Int64, isNewView: Bool
    ) {
        self.tracks = tracks
        self.event = event
        self.firstSight = firstSight
        self.lastSight = lastSight
        self.bestView = bestView
        self.isNewView = isNewView
    }
}
