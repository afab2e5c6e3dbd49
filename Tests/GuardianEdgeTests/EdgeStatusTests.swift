import Foundation
import GuardianArchive
import GuardianConfiguration
import GuardianCore
import GuardianEdge
import GuardianHTTP
import GuardianJournal
import GuardianOperations
import GuardianTestKit
import GuardianWire
import Testing

@Suite("An edge's status", .timeLimit(.minutes(10)))
struct EdgeStatusTests {
    private let folder = TemporaryFolder()
    private let service = InferenceKit()
    private let disk = FakeDisk(free: 9_000_000)
    private let clock = ManualClock(Sample.start)
    /// Stands still: the inference service stays in its start.
    private let monotonic = TestClock()
    private let logger = LogBook().logger
    private let store: ClipStore
    private let journal: Journal
    private let link: InferenceLink

    init() throws {
        store = ClipStore(
            folder: folder.path("clips"), keepFree: 1_000_000, clock: clock, logger: logger, space: disk.space)
        journal = try Journal(path: folder.path("edge.sqlite"), key: DeviceKey())
        link = try service.link(clock: clock, monotonic: monotonic)
    }

    private func status(
        stations: [CameraStation] = [], store: ClipStore? = nil, delivery: Delivery? = nil, archive: EdgeArchive? = nil,
        supervision: EdgeStatus.Supervision = EdgeStatus.Supervision()
    ) -> EdgeStatus {
        let current: (@Sendable () -> EdgeArchive?)? = archive == nil ? nil : { @Sendable in archive }
        let entries = stations.map { CameraEntry($0, startedAt: Sample.start) }
        return EdgeStatus(
            startedAt: Sample.start, cameras: { entries }, store: store ?? self.store, journal: journal,
            delivery: delivery, archive: current, link: link, supervision: supervision, clock: clock)
    }

    private func configuration() throws -> EdgeConfiguration {
        let text = """
            state: \(folder.path("state"))
            cameras: [{id: front, name: Front door, source: "file:/nonexistent.mp4"}]
            node: {address: "localhost:9", certificate: /c, key: /k, authority: /a}
            archive: {recipients: [{key: "\(try OwnerKeys(OwnerSecret()).xWing.text)"}]}
            """
        return try EdgeConfiguration(ConfigurationFile(text: text, name: "edge.yaml").root)
    }

    @Test(
        "estimates the days until the disk is full once the oldest clip is an hour old",
        arguments: [
            (3_599_999, 9_000_000, nil), (3_600_000, 9_000_000, 0.3), (36_000_000, 9_000_000, 3.3),
            (36_000_000, 500_000, 0),
        ] as [(Int64, Int64, Double?)])
    func daysLeft(age: Int64, free: Int64, expected: Double?) async throws {
        var (first, second) = (Sample.clip(), Sample.clip(60_000))
        (first.size, second.size) = (400_000, 600_000)
        try await journal.append([.clipClosed(first), .clipClosed(second)], at: Sample.start)
        clock.set(Sample.start + age)
        disk.set(free: free)
        let storage = try await status().view().storage
        #expect(storage.daysLeft == expected)
        #expect(storage.clips == 2 && storage.clipBytes == 1_000_000 && storage.free == free && storage.recording)
        #expect(storage.oldestClipAt?.time == Sample.start)
    }

    @Test("is available when the disk cannot be queried, and has no estimate without a clip")
    func noDisk() async throws {
        let store = ClipStore(
            folder: "/nonexistent", keepFree: 1, logger: logger,
            space: { _ in throw GuardianError(.notFound, "There is no such disk.") })
        let storage = try await status(store: store).view().storage
        #expect(storage.free == 0 && storage.capacity == 0 && storage.daysLeft == nil && storage.oldestClipAt == nil)
    }

    @Test("shows waiting entries only if a node is configured, and a problem while the node is not connected")
    func node() async throws {
        try await journal.append([.clipClosed(Sample.clip())], at: Sample.start + 1_000)
        try await journal.append([.clipClosed(Sample.clip())], at: Sample.start + 2_000)
        let alone = try await status().view()
        #expect(alone.state == .starting && alone.problems.isEmpty)
        #expect(!alone.node.configured && alone.node.waiting == 0 && alone.node.oldestWaitingAt == nil)
        let node = try #require(try configuration().node)
        let delivery = Delivery(
            journal: journal,
            settings: DeliverySettings(node: node.target),
            metrics: MetricsRegistry(), logger: logger, clock: clock)
        let view = try await status(delivery: delivery).view()
        #expect(view.node.configured && !view.node.connected && view.node.waiting == 2)
        #expect(view.node.oldestWaitingAt?.time == Sample.start + 1_000 && view.node.since?.time == Sample.start)
        #expect(view.state == .degraded && view.problems.map(\.where) == ["node"])
        #expect(view.journal.sequence == 2 && view.journal.chain == journal.chain)
        #expect(view.journal.deviceKey == Data(journal.deviceKey.bytes).base64EncodedString())
    }

    @Test("shows sections of the configuration that were left out as problems, and in the metrics")
    func refusals() async throws {
        let text = "web: {port: 0}\nnode: {address: node}\narchive: {cameras: back}\ninference: {address: ai}"
        let refusals = try EdgeConfiguration.toRecord(ConfigurationFile(text: text, name: "edge.yaml").root).refusals
        var supervision = EdgeStatus.Supervision()
        supervision.refusals = refusals
        let view = try await status(supervision: supervision).view()
        #expect(view.state == .degraded && view.problems.count == 3)
        #expect(view.problems.allSatisfy { $0.where == "configuration" && $0.severity == .error })
        for (line, name) in [(2, "node"), (3, "archive"), (4, "inference")] {
            let what = view.problems.map(\.what).first { $0.contains("section \(name) ") }
            #expect(what?.contains("edge.yaml:\(line): “\(name).") == true)
        }
        let metrics = MetricsRegistry()
        EdgeMetrics.register(
            in: metrics, cameras: { [] }, store: store, journal: journal, link: link, delivery: nil, restarts: { 0 },
            refusals: refusals)
        let exposition = metrics.exposition()
        #expect(exposition.contains("guardian_configuration_refused{section=\"archive\"} 1\n"))
        #expect(exposition.contains("guardian_configuration_refused{section=\"web\"} 0\n"))
    }

    @Test("shows all cameras, and a lost camera as a problem")
    func cameras() async throws {
        let configuration = try self.configuration()
        let station = try CameraStation(
            try #require(configuration.cameras.first), id: Sample.front, configuration: configuration,
            journal: journal, store: store, snapshots: SnapshotStore(folder: folder.path("snapshots")), link: link,
            clock: clock, logger: logger)
        let began = ContinuousClock.now
        let before = try await status(stations: [station]).view(at: began)
        #expect(before.cameras.map(\.state) == [.connecting] && before.state == .starting)
        try await station.session.running {
            try await eventually("lost") { station.session.health.state == .lost }
            // Only the session runs, not the station: however long this takes, its events are not late.
            let view = try await status(stations: [station]).view(at: began)
            #expect(view.cameras.map(\.name) == ["Front door"] && view.cameras.map(\.state) == [.lost])
            #expect(
                view.cameras.allSatisfy { $0.watch == .unknown && $0.lastLookAt == nil && !$0.recording && !$0.person })
            #expect(view.state == .degraded && view.problems.map(\.where) == ["camera front"])
            #expect(view.summary == view.problems.first?.what)
        }
    }

    @Test("has the ages of packets, looks, written bytes and deliveries as metrics, which count from the start")
    func ages() throws {
        let configuration = try self.configuration()
        let station = try CameraStation(
            try #require(configuration.cameras.first), id: Sample.front, configuration: configuration,
            journal: journal, store: store, snapshots: SnapshotStore(folder: folder.path("snapshots")), link: link,
            clock: clock, logger: logger)
        let ages = station.ages(at: .now + .seconds(100))
        #expect(min(ages.packet, ages.keyframe, ages.look, ages.write) >= .seconds(100))
        let node = try #require(configuration.node)
        let metrics = MetricsRegistry()
        let delivery = Delivery(
            journal: journal,
            settings: DeliverySettings(node: node.target),
            metrics: metrics, logger: logger, clock: clock, monotonic: monotonic)
        monotonic.advance(by: .seconds(7))
        EdgeMetrics.register(
            in: metrics, cameras: { [CameraEntry(station, startedAt: Sample.start)] }, store: store, journal: journal,
            link: link, delivery: delivery, restarts: { 0 })
        let text = metrics.exposition()
        for name in ["packet", "keyframe", "look", "write"] {
            #expect(text.contains("guardian_camera_\(name)_age_seconds{camera=\"front\"} "))
        }
        #expect(text.contains("guardian_delivery_age_seconds 7\n"))
    }

    @Test("counts clips that wait for the archive, and reports an unreadable ledger as a problem")
    func archive() async throws {
        #expect(try await !status().view().archive.configured)
        let configuration = try self.configuration()
        let archive = try EdgeArchive(
            try #require(configuration.archive), node: try #require(configuration.node).target,
            folder: try StateFolder(path: configuration.state), cameras: [:], deviceKey: DeviceKey(), journal: journal,
            store: store, snapshots: SnapshotStore(folder: folder.path("snapshots")), delivery: nil,
            metrics: MetricsRegistry(), clock: clock, logger: logger)
        let clips = [Sample.clip(), Sample.clip(1_000), Sample.clip(2_000)].map(\.id)
        try await archive.ledger.want([Sample.event(state: .closed, clips: clips)], throughPosition: 0)
        try await archive.ledger.set(clips[0], to: .stored)
        let view = try await status(archive: archive).view()
        #expect(view.archive.configured && view.archive.waiting == 2 && view.problems.isEmpty)
        try archive.ledger.close()
        let blind = try await status(archive: archive).view()
        #expect(blind.archive.configured && blind.problems.map(\.where) == ["archive"])
    }

    @Test("is ready when the inference service is up and the disk has room, and names each reason when it is not")
    func readiness() async throws {
        #expect(status().readiness.reasons.count == 1 && !status().readiness.ready)
        disk.set(free: 0)
        await store.guardDisk()
        #expect(status().readiness.reasons.count == 2)
        try await service.serving {
            try await running(link) {
                try await eventually("up", advancing: monotonic, by: .milliseconds(10)) {
                    link.health.state == .up
                }
                #expect(status().readiness.reasons.count == 1 && !status().readiness.ready)
                // The service of this test does not prove that it sees.
                #expect(try await status().view().problems.map(\.where) == [store.folder, "inference"])
                disk.set(free: 9_000_000)
                await store.guardDisk()
                #expect(status().readiness.ready && status().readiness.reasons.isEmpty)
            }
        }
    }
}
