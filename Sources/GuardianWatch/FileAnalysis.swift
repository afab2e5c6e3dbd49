import GuardianCore
import GuardianMedia
import GuardianVision

/// The implementation of `guardian analyze`: runs the code of the live path on a file, as fast as possible. The result
/// depends only on the file's content, the model and the settings.
public struct FileAnalysis {
    /// The result for one file.
    public struct Result: Sendable {
        /// Closed events, ordered by start.
        public var events: [Event]
        /// The box of every event's object in every frame.
        public var boxes: [MOTLine]
        public var frames: Int
        /// Time of the media.
        public var duration: Duration
        public var effort: WatchEffort
    }

    public var settings: WatchSettings
    public var events: EventSettings
    private let detector: any Detector

    public init(
        detector: any Detector, settings: WatchSettings = WatchSettings(), events: EventSettings = EventSettings()
    ) {
        self.detector = detector
        self.settings = settings
        self.events = events
    }

    /// Analyses the file at `path`.
    ///
    /// - Throws: `GuardianError` when it cannot be read, has no video, or none that is analysed rightly.
    public func run(path: String) throws -> Result {
        try FileSource.check(path)
        let content = try Hash256.ofFile(path)
        var bits = ContentBits(content, purpose: "camera")
        let camera = CameraID.v7(at: Timestamp(milliseconds: 0), using: &bits)
        let source = FileSource(path: path)
        let stream = try source.open()
        guard let turn = source.turn else {
            throw GuardianError(
                .unimplemented,
                "The pictures of \(path) are stored mirrored or at an odd angle: make them upright first, as "
                    + "ffmpeg -i INPUT OUTPUT.mp4 does.")
        }
        let watch = try Watch(
            stream: stream, detector: detector, settings: settings, views: BestViews(), turn: turn)
        let size =
            turn.swapsSides
            ? (width: watch.stream.height, height: watch.stream.width)
            : (width: watch.stream.width, height: watch.stream.height)
        var engine = EventEngine(camera: camera, settings: events) { time, number in
            var bits = ContentBits(content, purpose: "event \(number)")
            return .v7(at: time, using: &bits)
        }
        var history = TrackHistory()
        var times: [MediaTime] = []
        var closed: [EventReport] = []
        func add(_ report: WatchReport) {
            for observation in report.observations {
                history.add(observation)
                let changes = engine.update(
                    observation, at: Timestamp(milliseconds: observation.mediaTime.milliseconds))
                for case .closed(let report) in changes { closed.append(report) }
            }
        }
        func packets() throws {
            while let item = try source.next() {
                switch item {
                case .packet(let packet):
                    guard packet.kind == .video else { continue }
                    times.append(packet.mediaTime)
                    add(try watch.process(packet))
                case .changed(let description):
                    throw GuardianError(
                        .unimplemented,
                        "\(path) changes to \(description.width) x \(description.height): split it there.")
                }
            }
        }
        try packets()
        add(try watch.flush())
        for case .closed(let report) in engine.closeAll() { closed.append(report) }
        guard !times.isEmpty else { throw GuardianError(.invalidArgument, "There are no pictures in \(path).") }
        guard watch.effort.decoded > 0 else {
            throw GuardianError(
                .dataLoss, "None of the pictures of \(path) can be decoded: it is damaged or encrypted.")
        }
        times.sort()
        closed.sort { ($0.event.startedAt, $0.event.id) < ($1.event.startedAt, $1.event.id) }
        let boxes = history.lines(
            frames: times, events: closed, width: max(1, size.width), height: max(1, size.height))
        let duration = times.count > 1 ? (times[times.count - 1] - times[0]) + (times[1] - times[0]) : .zero
        return Result(
            events: closed.map(\.event), boxes: boxes,
            frames: times.count, duration: duration, effort: watch.effort)
    }
}
