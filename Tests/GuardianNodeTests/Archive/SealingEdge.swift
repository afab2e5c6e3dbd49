import Foundation
import GRDB
import GuardianArchive
import GuardianConfiguration
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianOperations
import GuardianStorage
import GuardianTestKit
import Logging
import ServiceLifecycle
import Testing

/// The recorder's archive services, over a journal and files that a test writes.
struct SealingEdge: Sendable {
    let fixture: ArchiveFixture
    let folder: StateFolder
    let journal: Journal
    let store: ClipStore
    private let snapshots: SnapshotStore
    /// Those of the clips and of the pictures.
    let places: [Place]
    var clock: any WallClock = SystemClock()
    var monotonic: any MonotonicClock = SystemMonotonicClock()
    /// `nil`: the fixture's owner.
    var recipients: (@Sendable () -> [Recipient])?
    /// `nil`: everything is archived.
    var rules: (@Sendable () -> ArchiveForm)?
    var cameras: [CameraAlias: CameraID] = [:]
    /// Bytes of each snapshot.
    var pictureSize = 50_000

    init(_ fixture: ArchiveFixture) throws {
        self.fixture = fixture
        folder = try StateFolder(path: fixture.node.folder.path("edge"))
        journal = try Journal(path: folder.database, key: fixture.node.key)
        let clips = Place(folder.clips, register: journal.placeRegister("clips"))
        let pictures = Place(folder.snapshots, register: journal.placeRegister("snapshots"))
        places = [clips, pictures]
        let emergency = EmergencyFolder(folder: fixture.node.folder.path("emergency"), keepFree: 0)
        store = ClipStore(
            folder: folder.clips, keepFree: 0, place: clips, emergency: emergency, logger: ArchiveFixture.quiet)
        snapshots = SnapshotStore(folder: folder.snapshots, place: pictures)
    }

    /// Runs the services against a node's port while `body` runs, then ends them like a kill, without finishing work.
    ///
    /// - Parameter policy: more keys of the `archive` section.
    func run(port: Int, policy: String = "", _ body: @Sendable () async throws -> Void) async throws {
        let services = try archive(port: port, policy: policy).services
        try await withThrowingTaskGroup(of: Void.self) { group in
            for service in services { group.addTask { try await service.run() } }
            // The intent stores its position in the journal before the test writes to it.
            try await eventually("the edge follows its journal") { try await begun() }
            try await body()
            group.cancelAll()
            while let ended = await group.nextResult() { _ = ended }
        }
    }

    /// Makes the services for a node's port.
    ///
    /// - Parameter policy: more keys of the `archive` section.
    func archive(port: Int, policy: String = "") throws -> EdgeArchive {
        let files = fixture.node.edgeFiles
        let text = """
            cameras: [{id: front, source: "rtsp://host/main"}]
            node: {address: "localhost:\(port)", certificate: \(files.certificate), key: \(files.key), authority: \(files.authority)}
            archive: {recipients: [{key: "\(fixture.owner.xWing.text)"}], retryAfter: 1\(policy)}
            """
        let configuration = try EdgeConfiguration(ConfigurationFile(text: text, name: "edge.yaml").root)
        return try EdgeArchive(
            try #require(configuration.archive), recipients: recipients, rules: rules,
            node: try #require(configuration.node).target, folder: folder, cameras: cameras,
            deviceKey: fixture.node.key, journal: journal, store: store,
            snapshots: snapshots, delivery: nil,
            metrics: MetricsRegistry(), clock: clock, monotonic: monotonic, logger: fixture.log.logger)
    }

    private func begun() async throws -> Bool {
        try await ledger("SELECT count(*) FROM marks WHERE name = 'position'") == ["1"]
    }

    /// Runs a query on the edge's ledger and returns one text a row.
    func ledger(_ sql: String) async throws -> [String] {
        let queue = try DatabaseQueue(path: folder.archiveDatabase)
        defer { try? queue.close() }
        return try await queue.read { try String.fetchAll($0, sql: sql) }
    }

    /// Writes an event with its snapshot, in a clip that is complete; without a snapshot while the pictures' disk is away.
    ///
    /// - Parameter stays: whether the event stays open until the archive wants its clip.
    func visit(
        at offset: Int64 = 0, camera: CameraID = Sample.front, confidence: Double = 0.9, clipSize: Int = 9_000,
        stays: Bool = false
    ) async throws -> (event: Event, jpeg: Data, clip: Clip) {
        for place in places { await place.check() }
        let clip = Sample.clip(offset, camera: camera)
        let url = store.urlForRecording(clip.id, camera: clip.camera)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(repeating: 7, count: clipSize).write(to: url)
        var event = Sample.event(offset, camera: camera, clips: [clip.id])
        event.confidence = confidence
        event.snapshot = nil
        try await journal.append([.clipOpened(clip), .eventOpened(event, Sample.judgement)], at: Sample.start)
        let jpeg = picture(pictureSize, of: event)
        if snapshots.isReachable {
            event.snapshot = try snapshots.write(jpeg, of: event.id, width: 640, height: 360, at: event.startedAt)
        }
        try await journal.append([.eventUpdated(event)], at: Sample.start)
        if stays { try await eventually("its clip is wanted") { try await ledger("SELECT 1 FROM clips") == ["1"] } }
        event.state = .closed
        try await journal.append([.clipClosed(clip), .eventClosed(event)], at: Sample.start)
        return (event, jpeg, clip)
    }

    func path(of snapshot: Snapshot, event: EventID) -> String { snapshots.path(of: snapshot, event: event) }

    private func picture(_ size: Int, of event: Event) -> Data {
        Data([0xFF, 0xD8, 0xFF]) + Data(event.id.description.utf8) + Data(repeating: 0x55, count: size)
    }

    /// The sealed pictures that wait for the archive.
    var waiting: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.archiveMarks)) ?? []
        return files.filter { $0.hasSuffix(".picture") }
    }
}
