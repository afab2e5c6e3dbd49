import GuardianCore
import GuardianHTTP
import GuardianJournal
import Logging
import ServiceLifecycle

/// All components of one camera: session, watch, recorder and events.
package struct CameraStation: Sendable {
    package let session: CameraSession
    /// What it was made by.
    let record: CameraRecord
    /// Say where its addresses may lead.
    let rules: CameraAddressRules
    package let recorder: ClipRecorder
    let events: CameraEvents
    let watch: CameraWatch
    private let coverage: CameraCoverage
    private let startedAt = ContinuousClock.now
    private let journal: Journal
    private let snapshotClient: SnapshotClient
    private let logger: Logger

    /// - Parameter recording: read at each use; `nil`: as the configuration says.
    package init(
        _ camera: CameraConfiguration, id: CameraID, configuration: EdgeConfiguration, journal: Journal,
        store: ClipStore, snapshots: SnapshotStore, link: InferenceLink,
        recording: (@Sendable () -> EdgeConfiguration.RecordingConfiguration)? = nil, gap: CameraGap = .none,
        clock: any WallClock, logger: Logger
    ) throws {
        var logger = logger
        logger[metadataKey: "camera"] = "\(camera.alias)"
        let recording = recording ?? { configuration.recording }
        let identity = CameraIdentity(id: id, alias: camera.alias, name: camera.name)
        let rules = CameraAddressRules(configuration)
        let session = CameraSession(
            identity: identity,
            settings: CameraSettings(camera, rules: rules, preRoll: recording().preRoll), clock: clock, logger: logger)
        // Archiving may begin while a clip is open.
        let padding = configuration.hasNode ? try ArchiveSettings.padding() : nil
        let recorder = ClipRecorder(
            camera: session, store: store,
            settings: RecordingSettings(recording(), padding: padding), logger: logger)
        let snapshotClient = SnapshotClient(camera: session, link: link)
        let events = CameraEvents(
            pipeline: EventPipeline(
                camera: session, recorder: recorder, snapshotClient: snapshotClient, journal: journal,
                snapshots: snapshots, link: link, recordsUnanalysed: recording().unanalysed, clock: clock,
                logger: logger))
        self.session = session
        record = CameraRecord(id: id, camera: camera)
        self.rules = rules
        self.recorder = recorder
        self.snapshotClient = snapshotClient
        self.events = events
        self.journal = journal
        self.logger = logger
        coverage = CameraCoverage(session: session, startedAt: clock.now(), gap: gap) { events.post($0) }
        watch = CameraWatch(
            camera: identity, link: link, rate: configuration.detection.rate, pictures: session.detectsOnMain,
            clock: clock, logger: logger,
            arrivals: { session.arrivals() },
            obstacle: {
                let health = session.health(of: .detection)
                return health.state == .live ? nil : health.lastFailure ?? "It sends nothing."
            },
            subscribe: { session.subscribe(to: .detection) }, deliver: { events.post($0) })
    }

    /// The services in the order of their start. They are shut down in reverse: first the watch, then open events are closed,
    /// then the clip.
    var services: [any Service] {
        [
            session, ClipJournal(recorder: recorder, journal: journal, logger: logger), recorder, events,
            coverage, watch,
        ]
    }

    /// What the coverage says of the camera's recording.
    var gap: CameraGap { coverage.gap }

    /// Returns the newest keyframe as a JPEG.
    ///
    /// - Throws: `unavailable` when there is none.
    func snapshot() async throws -> [UInt8] { [UInt8](try await snapshotClient.now().jpeg) }

    /// How long ago packets, looks and written bytes last showed that the camera's parts work.
    package func ages(at now: ContinuousClock.Instant = .now) -> CameraAges {
        let arrivals = session.arrivals()
        func age(_ instant: ContinuousClock.Instant?) -> Duration { (instant ?? startedAt).duration(to: now) }
        return CameraAges(
            packet: age(arrivals?.last.instant), keyframe: age(arrivals?.lastKeyframe.instant),
            look: age(watch.report.lastLook?.instant), write: age(recorder.lastWrite), events: age(events.lastProcessed)
        )
    }

    var activity: CameraActivity {
        let report = watch.report
        let watchState: CameraView.Watch =
            switch report.state {
            case .unknown: .unknown
            case .quiet: .quiet
            case .looking: .looking
            case .lost: .lost
            }
        return CameraActivity(
            recording: recorder.isRecording, person: events.isOccupied, watch: watchState,
            lastLookAt: report.lastLook?.time, watchLostSince: report.loss?.since, watchFailure: report.loss?.reason)
    }
}
