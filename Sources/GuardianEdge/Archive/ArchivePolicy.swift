import GuardianCore

/// Which events' clips are archived.
public struct ArchivePolicy: Sendable, Hashable {
    /// Cameras whose events are archived; all when `nil`.
    public var cameras: Set<CameraID>?
    /// Labels of events that are archived; all when `nil`.
    public var labels: Set<Label>?
    /// The least confidence of an event that is archived, from 0 to 1.
    public var confidence: Double
    /// Times in which an event must begin to be archived; always when `nil`.
    public var schedule: ArchiveSchedule?

    public init(
        cameras: Set<CameraID>? = nil, labels: Set<Label>? = nil, confidence: Double = 0,
        schedule: ArchiveSchedule? = nil
    ) {
        self.cameras = cameras
        self.labels = labels
        self.confidence = confidence
        self.schedule = schedule
    }

    public func wants(_ event: Event) -> Bool {
        event.confidence >= confidence && cameras?.contains(event.camera) ?? true
            && labels?.contains(event.label) ?? true && schedule?.contains(event.startedAt) ?? true
    }
}

/// Times of the week in the recorder's time zone.
public struct ArchiveSchedule: Sendable, Hashable {
    public var times: WeekTimes
    public var week: LocalWeek

    public init(times: WeekTimes, week: LocalWeek) {
        self.times = times
        self.week = week
    }

    public func contains(_ time: Timestamp) -> Bool { week.span(of: times, at: time) != nil }
}
