import GuardianCore

/// An event as the API of edge and node shows it.
public struct EventView: Codable, Sendable {
    public var id: EventID
    /// The camera's alias; at the node, which knows no aliases, the UUID as text.
    public var camera: String
    public var cameraId: CameraID
    public var label: Label
    public var state: Event.State
    /// 0 to 1.
    public var confidence: Double
    /// Fractions of the picture's width and height; `x` and `y` are the top left corner.
    public var box: Box
    /// The time of the first sighting.
    public var startedAt: Moment
    /// The time of the last sighting so far.
    public var endedAt: Moment
    public var path: [PathPointView]
    @Nullable public var snapshot: SnapshotView?
    public var clips: [ClipView]
    public var delivery: DeliveryView
    public var archive: ArchiveView
    /// Whether the event has a keep: its clips stay on the recorder, and are archived when an archive is configured.
    public var kept: Bool
    /// The event before it in time, and the one after it.
    @Nullable public var previous: EventID?
    @Nullable public var next: EventID?

    /// - Parameters:
    ///   - camera: the name by which the camera is shown.
    ///   - clips: the event's clips as far as they are known; a span whose clip is unknown is left out.
    ///   - servesFiles: whether this server has the files of the snapshot and the clips.
    ///   - hasPicture: `false` when the snapshot was deleted: only its hash is left.
    public init(
        _ event: Event, camera: String, clips: [ClipID: Clip], delivery: DeliveryView,
        archive: ArchiveView = ArchiveView(), servesFiles: Bool, hasPicture: Bool = true, isKept: Bool = false,
        previous: EventID? = nil, next: EventID? = nil
    ) {
        id = event.id
        self.camera = camera
        cameraId = event.camera
        label = event.label
        state = event.state
        confidence = Fraction.rounded(event.confidence, places: 3)
        box = event.box.rounded
        startedAt = event.startedAt.moment
        endedAt = event.endedAt.moment
        path = event.path.map(PathPointView.init)
        snapshot = event.snapshot.map {
            SnapshotView(
                url: servesFiles && hasPicture ? "/api/v1/events/\(event.id)/snapshot.jpg" : nil, sha256: $0.sha256,
                width: $0.width, height: $0.height, at: $0.at.moment)
        }
        self.clips = event.clips.compactMap { span in
            clips[span.clip].map { ClipView($0, span: span, servesFiles: servesFiles) }
        }
        self.delivery = delivery
        self.archive = archive
        kept = isKept
        self.previous = previous
        self.next = next
    }
}

/// A point of an event's path, encoded as `[ms from startedAt, x, y, width, height]`.
public struct PathPointView: Codable, Sendable {
    public var point: PathPoint

    public init(_ point: PathPoint) { self.point = point }

    public init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        point = PathPoint(
            offset: try container.decode(Int64.self),
            box: Box(
                x: try container.decode(Double.self), y: try container.decode(Double.self),
                width: try container.decode(Double.self), height: try container.decode(Double.self)))
    }

    public func encode(to encoder: any Encoder) throws {
        let box = point.box.rounded
        var container = encoder.unkeyedContainer()
        try container.encode(point.offset)
        try container.encode(contentsOf: [box.x, box.y, box.width, box.height])
    }
}

/// An event's snapshot.
public struct SnapshotView: Codable, Sendable {
    /// The path of the picture; `null` where only its hash is known.
    @Nullable public var url: String?
    public var sha256: Hash256
    /// Pixels.
    public var width: Int
    public var height: Int
    /// The time of the frame.
    public var at: Moment

    public init(url: String?, sha256: Hash256, width: Int, height: Int, at: Moment) {
        self.url = url
        self.sha256 = sha256
        self.width = width
        self.height = height
        self.at = at
    }
}

/// The delivery state of an event's journal entries.
public struct DeliveryView: Codable, Sendable {
    public enum State: String, Codable, Sendable { case waiting, delivered }

    public var state: State
    /// How often the entries were sent.
    public var attempts: Int
    /// When the node had acknowledged all entries; `null` while one is unacknowledged.
    @Nullable public var acknowledgedAt: Moment?
    /// When the node acknowledged the first entry.
    @Nullable public var firstAcknowledgedAt: Moment?
    /// Milliseconds from the arrival of the frame that confirmed the event to the node's first acknowledgement.
    @Nullable public var latencyMs: Int64?

    public init(
        state: State, attempts: Int, acknowledgedAt: Timestamp?, firstAcknowledgedAt: Timestamp?,
        latencyMs: Int64? = nil
    ) {
        self.state = state
        self.attempts = attempts
        self.acknowledgedAt = acknowledgedAt?.moment
        self.firstAcknowledgedAt = firstAcknowledgedAt?.moment
        self.latencyMs = latencyMs
    }
}

/// Rounds fractions for the API; five digits are finer than a pixel.
enum Fraction {
    static func rounded(_ value: Double, places: Int) -> Double {
        let scale = places == 3 ? 1000.0 : 100_000.0
        return (value * scale).rounded() / scale
    }
}

extension Box {
    var rounded: Box {
        Box(
            x: Fraction.rounded(x, places: 5), y: Fraction.rounded(y, places: 5),
            width: Fraction.rounded(width, places: 5), height: Fraction.rounded(height, places: 5))
    }
}
