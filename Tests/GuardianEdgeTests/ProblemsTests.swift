import GuardianCore
import GuardianEdge
import GuardianHTTP
import GuardianTestKit
import Testing

@Suite("An edge's problems")
struct ProblemsTests {
    private func camera(_ alias: String, _ state: CameraView.State, failure: String? = nil) throws -> CameraView {
        CameraView(
            id: try #require(CameraAlias(alias)), cameraId: Sample.front, name: "The \(alias)", state: state,
            since: Sample.start, fps: 0, bitrate: 0, width: nil, height: nil, codec: nil, lastPacketAt: nil,
            lastFailure: failure, reconnects: 0, recording: false, person: false, watch: .lost)
    }

    private func storage(recording: Bool) -> StorageView {
        StorageView(
            path: "/srv/clips", capacity: 100, free: 50, clips: 0, clipBytes: 0, oldestClipAt: nil,
            recording: recording, daysLeft: nil)
    }

    private func node(configured: Bool, connected: Bool, reason: String? = nil) -> NodeLinkView {
        NodeLinkView(
            configured: configured, connected: connected, since: nil, waiting: 42, oldestWaitingAt: nil,
            lastAcknowledgedAt: nil, reason: reason)
    }

    private func problems(
        cameras: [CameraView] = [], recording: Bool = true, node: NodeLinkView? = nil,
        inference: InferenceView.State = .up, canReadArchive: Bool = true
    ) -> [FindingView] {
        Problems.of(
            cameras: cameras, storage: storage(recording: recording),
            node: node ?? self.node(configured: true, connected: true),
            inference: InferenceView(
                state: inference, since: Sample.start, restarts: 0, model: nil, latencyMs: nil, queue: 0),
            canReadArchive: canReadArchive)
    }

    @Test("name a camera whose clock runs wrong, as a warning with a remedy")
    func clock() {
        let problem = Problems.ofClock(name: "The door", id: "door")
        #expect(problem.what == "The door's clock runs wrong. Its pictures are dated by their arrival.")
        #expect(problem.where == "camera door" && problem.severity == .warning && !problem.remedy.isEmpty)
    }

    @Test("are empty while everything works, and while cameras and the inference service are starting")
    func none() throws {
        #expect(problems().isEmpty)
        let cameras = try [camera("a", .live), camera("b", .connecting), camera("c", .stopped)]
        #expect(problems(cameras: cameras, inference: .starting).isEmpty)
        #expect(problems(node: node(configured: false, connected: false)).isEmpty)
    }

    @Test("name each lost camera and why it was lost")
    func cameras() throws {
        let cameras = try [
            camera("front", .lost, failure: "No route to host."), camera("yard", .live, failure: "Earlier."),
            camera("gate", .lost),
        ]
        let found = problems(cameras: cameras)
        #expect(found.map(\.where) == ["camera front", "camera gate"])
        #expect(found.allSatisfy { $0.severity == .error && !$0.remedy.isEmpty })
        let first = try #require(found.first)
        #expect(first.what.contains("The front") && first.what.contains("No route to host."))
    }

    @Test("name the folder of a full disk")
    func disk() {
        let found = problems(recording: false)
        #expect(found.map(\.where) == ["/srv/clips"] && found.map(\.severity) == [.error])
    }

    @Test("warn of a disconnected node, with the reason and the number of waiting entries")
    func nodeAway() throws {
        let found = problems(node: node(configured: true, connected: false, reason: "Connection refused."))
        #expect(found.map(\.where) == ["node"] && found.map(\.severity) == [.warning])
        let what = try #require(found.first).what
        #expect(what.contains("42") && what.contains("Connection refused."))
    }

    @Test("have a fixed order, and the summary names the first one and the number of the others")
    func all() throws {
        let found = problems(
            cameras: [try camera("front", .lost)], recording: false, node: node(configured: true, connected: false),
            inference: .down, canReadArchive: false)
        #expect(found.map(\.where) == ["camera front", "/srv/clips", "inference", "node", "archive"])
        #expect(found.map(\.severity) == [.error, .error, .error, .warning, .error])
        let summary = Problems.summary(found, cameras: 1)
        #expect(summary.hasPrefix(found[0].what) && summary.contains("4"))
    }

    @Test("have a summary that is the only problem, or says that there is none")
    func summary() {
        let one = problems(inference: .down)
        #expect(Problems.summary(one, cameras: 3) == one.first?.what)
        let none = Problems.summary([], cameras: 3)
        #expect(!none.isEmpty && none != one.first?.what)
    }
}
