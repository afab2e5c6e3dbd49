/// One object in view: from its first sighting to its last.
public struct Event: Hashable, Sendable, Codable, Identifiable {
    public enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case open
        case closed
        /// The recorder crashed while it was open.
        case interrupted
    }

    /// UUIDv7, made at the edge.
    public var id: EventID
    public var camera: CameraID
    public var label: Label
    public var state: State
    /// The best score so far, 0 to 1.
    public var confidence: Double
    /// The box in its best sighting.
    public var box: Box
    /// The time of its first sighting.
    public var startedAt: Timestamp
    /// The time of its last sighting so far.
    public var endedAt: Timestamp
    /// Its path, with fewer points than sightings, oldest first.
    public var path: [PathPoint]
    public var snapshot: Snapshot?
    /// The clips that show it, oldest first.
    public var clips: [ClipSpan]

    public init(
        id: EventID, camera: CameraID, label: Label, state: State, confidence: Double, box: Box, startedAt: Timestamp,
        endedAt: Timestamp, path: [PathPoint] = [], snapshot: Snapshot? = nil, clips: [ClipSpan] = []
    ) {
        self.id = id
        self.camera = camera
        self.label = label
        self.state = state
        self.confidence = confidence
        self.box = box
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.path = path
        self.snapshot = snapshot
        self.clips = clips
    }
}

/// A point on an object's path.
public struct PathPoint: Hashable, Sendable, Codable {
    /// Milliseconds since the event's `startedAt`.
    public var offset: Int64
    public var box: Box

    public init(offset: Int64, box: Box) {
        self.offset = offset
        self.box = box
    }
}

/// The best picture of an event: a JPEG of a whole frame of the main stream.
public struct Snapshot: Hashable, Sendable, Codable {
    /// SHA-256 of the file.
    public var sha256: Hash256
    /// Pixels.
    public var width: Int
    public var height: Int
    /// When the frame was captured.
    public var at: Timestamp

    public init(sha256: Hash256, width: Int, height: Int, at: Timestamp) {
        self.sha256 = sha256
        self.width = width
        self.height = height
        self.at = at
    }
}

/// The time range in which a clip shows an event.
public struct ClipSpan: Hashable, Sendable, Codable {
    public var clip: ClipID
    /// Milliseconds from the clip's beginning, without pre-roll and post-roll.
    public var from: Int64
    public var to: Int64
    /// Whether the pre-roll is shorter than two seconds, because the stream had just begun.
    public var preRollShort: Bool

    public init(clip: ClipID, from: Int64, to: Int64, preRollShort: Bool) {
        self.clip = clip
        self.from = from
        self.to = to
        self.preRollShort = preRollShort
    }
}
