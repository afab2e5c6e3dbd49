import Foundation
import GRDB
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianTestKit
import GuardianVision

/// One camera's event pipeline over a real journal, in a folder of the test.
final class PipelineKit: Sendable {
    let folder = TemporaryFolder()
    let service = InferenceKit()
    let clock = ManualClock(Sample.start)
    let monotonic = TestClock()
    let log = LogBook()
    let camera: RecordedCamera
    let journal: Journal
    let snapshots: SnapshotStore
    let link: InferenceLink
    let pipeline: EventPipeline

    /// - Parameter file: the footage that the camera plays while its session runs. Until then media time 0 is the
    ///   Unix epoch.
    init(file: String = "/nonexistent.mp4", journal options: Journal.Options = .init(outbox: false)) throws {
        let session = try CameraSession.test("file:" + file)
        camera = try RecordedCamera(
            session, folder: folder.path("clips"),
            settings: RecordingSettings(preRoll: .seconds(2), postRoll: .milliseconds(500)))
        journal = try Journal(path: folder.path("edge.sqlite"), key: DeviceKey(), options: options)
        snapshots = SnapshotStore(folder: folder.path("snapshots"))
        link = try service.link()
        pipeline = EventPipeline(
            camera: session, recorder: camera.recorder, snapshotClient: SnapshotClient(camera: session, link: link),
            journal: journal, snapshots: snapshots, link: link, clock: clock,
            monotonic: monotonic, logger: log.logger)
    }

    deinit { try? journal.close() }

    var id: CameraID { camera.session.identity.id }

    /// Returns all journal entries, oldest first.
    func entries() async throws -> [JournalContent] {
        try await journal.entries(after: 0, limit: 1_000).map { try $0.content() }
    }

    func kinds() async throws -> [String] { try await entries().map(\.body.kind) }

    func coverage() async throws -> [Coverage] {
        try await entries().compactMap { if case .coverage(let coverage) = $0.body { coverage } else { nil } }
    }

    /// Returns the event of the newest entry that contains one.
    func lastEvent() async throws -> Event? { try await entries().compactMap(\.body.event).last }

    /// Makes the journal refuse entries, as a full disk does, or take them again.
    func refuseEntries(_ refuses: Bool) async throws {
        let sql =
            refuses
            ? "CREATE TRIGGER refuse BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'refused'); END"
            : "DROP TRIGGER refuse"
        try await journal.store.write { try $0.execute(sql: sql) }
    }

    func fileExists(_ snapshot: Snapshot, of event: EventID) -> Bool {
        FileManager.default.fileExists(atPath: snapshots.path(of: snapshot, event: event))
    }
}

extension EventPipeline {
    /// Processes four sightings from `offset` on, half a second apart, which open an event.
    func open(at offset: Int64 = 0, track: Int = 1) async -> [WantedPicture] {
        var wanted: [WantedPicture] = []
        for number in Int64(0)..<4 { wanted += await process(.look(offset + number * 500, track: track)) }
        return wanted
    }
}

extension CameraInput {
    /// A sighting of one person, so many milliseconds after `Sample.start`, for a camera whose session does not run.
    /// The packet arrives 150 ms later.
    static func look(_ offset: Int64, track: Int = 1, height: Double = 0.25) -> CameraInput {
        look(
            mediaTime: MediaTime(milliseconds: Sample.start.milliseconds + offset),
            arrival: Sample.start + offset + 150, track: track,
            height: height)
    }

    static func look(
        mediaTime: MediaTime, arrival: Timestamp, track: Int = 1, height: Double = 0.25
    ) -> CameraInput {
        let sighting = TrackSighting(
            track: track, label: .person, confidence: 0.9, box: Box(x: 0.25, y: 0.25, width: 0.125, height: height),
            seen: true)
        return .observed(
            Observation(mediaTime: mediaTime, tracks: [sighting], motion: 0.1, detected: true), arrival: arrival)
    }
}
