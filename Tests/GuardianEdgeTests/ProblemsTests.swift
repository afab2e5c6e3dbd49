import GuardianCore
import GuardianEdge
import GuardianHTTP
import GuardianTestKit
import Testing

@Suite("An edge's problems")
struct ProblemsTests {
    private func camera(
        _ alias: String, _ state: CameraView.State, failure: String? = nil, watch: CameraView.Watch = .quiet,
        watchFailure: String? = nil, recording: Bool = false
    ) throws -> CameraView {
        CameraView(
            id: try #require(CameraAlias(alias)), cameraId: Sample.front, name: "The \(alias)", state: state,
            since: Sample.start, fps: 0, bitrate: 0, width: nil, height: nil, codec: nil, lastPacketAt: nil,
            lastFailure: failure, reconnects: 0, recording: recording, person: false, watch: watch,
            watchLostSince: watch == .lost ? Sample.start : nil, watchFailure: watchFailure)
    }

    private func inference(
        _ state: InferenceView.State, _ reason: String? = nil, proof: InferenceView.Proof.State = .passed
    ) -> InferenceView {
        var view = InferenceView(
            state: state, since: Sample.start, reason: reason, restarts: 0, model: nil, latencyMs: nil, queue: 0)
        view.proof = InferenceView.Proof(state: proof, reason: nil)
        return view
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
        inference state: InferenceView.State = .up, reason: String? = nil, canReadArchive: Bool = true,
        ages: [CameraAlias: CameraAges] = [:], deliveryAge: Duration? = nil, archiveAge: Duration = .zero
    ) -> [FindingView] {
        Problems.of(
            cameras: cameras, storage: storage(recording: recording),
            node: node ?? self.node(configured: true, connected: true),
            inference: inference(state, reason), canReadArchive: canReadArchive, ages: ages,
            deliveryAge: deliveryAge, archive: ArchiveUplinkView(configured: true, leaving: 1, waiting: 2),
            archiveAge: archiveAge)
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

    @Test("name each camera that sends and is not being analysed, since when and why; a lost camera is named once")
    func unwatched() throws {
        let cameras = try [
            camera("front", .live, watch: .lost, watchFailure: "No picture could be decoded."),
            camera("gate", .lost, failure: "No power.", watch: .lost), camera("yard", .live, watch: .unknown),
        ]
        let found = problems(cameras: cameras)
        #expect(found.map(\.where) == ["camera gate", "camera front"])
        let what = try #require(found.last).what
        #expect(what.contains("The front") && what.contains(Sample.start.rfc3339))
        #expect(what.contains("No picture could be decoded."))
        let down = problems(cameras: [cameras[0]], inference: .down, reason: "There is no model.")
        #expect(down.map(\.where) == ["inference"], "one cause is one problem")
        #expect(down.first?.what.contains("There is no model.") == true)
    }

    @Test("name an inference service that runs but does not prove that it sees")
    func blind() {
        func found(_ state: InferenceView.State, _ proof: InferenceView.Proof.State) -> [FindingView] {
            var inference = inference(state)
            inference.proof = InferenceView.Proof(state: proof, reason: proof == .failed ? "Nobody found." : nil)
            return Problems.of(
                cameras: [], storage: storage(recording: true), node: node(configured: false, connected: false),
                inference: inference, canReadArchive: true)
        }
        for proof in [.pending, .passed] as [InferenceView.Proof.State] {
            #expect(found(.up, proof).isEmpty)
        }
        #expect(found(.up, .unavailable).map(\.where) == ["inference"])
        #expect(found(.up, .unavailable).map(\.severity) == [.warning])
        #expect(found(.starting, .unavailable).isEmpty, "nothing is known before it is up")
        #expect(found(.up, .failed).map(\.where) == ["inference"])
        #expect(found(.up, .failed).first?.what.contains("Nobody found.") == true)
        #expect(found(.down, .failed).count == 1, "one cause is one problem")
    }

    @Test("name a clip to which nothing is written, and a camera without keyframes, by their ages")
    func ages() throws {
        let front = try #require(CameraAlias("front"))
        func found(
            recording: Bool, _ state: CameraView.State = .live, write: Int = 0, keyframe: Int = 0,
            events: Int = 0
        ) throws -> [String] {
            let ages = CameraAges(
                packet: .zero, keyframe: .seconds(keyframe), look: .zero, write: .seconds(write),
                events: .seconds(events))
            return problems(cameras: [try camera("front", state, recording: recording)], ages: [front: ages]).map(
                \.what)
        }
        #expect(try found(recording: true, write: 9, keyframe: 59).isEmpty)
        #expect(try found(recording: false, write: 1_000).isEmpty)
        #expect(try found(recording: true, write: 10).map { $0.contains("10 s") } == [true])
        #expect(try found(recording: false, keyframe: 60).map { $0.contains("60 s") } == [true])
        #expect(try found(recording: true, .connecting, write: 10, keyframe: 60).isEmpty)
        #expect(try found(recording: false, .connecting, events: 9).isEmpty)
        #expect(try found(recording: false, .connecting, events: 10).map { $0.contains("10 s") } == [true])
    }

    @Test("warn of a node that is connected and acknowledges nothing for a minute, while entries wait")
    func silentNode() {
        #expect(problems(deliveryAge: .seconds(59)).isEmpty)
        let found = problems(deliveryAge: .seconds(60))
        #expect(found.map(\.where) == ["node"] && found.map(\.severity) == [.warning])
    }

    @Test("warn of a node that is connected and stores nothing of the archive for five minutes")
    func stalledArchive() {
        #expect(problems(archiveAge: .seconds(299)).isEmpty)
        let found = problems(archiveAge: .seconds(300))
        #expect(found.map(\.where) == ["archive"] && found.map(\.severity) == [.warning])
        #expect(found.first?.what.contains("300 s; 3 clips wait") == true)
        let node = node(configured: true, connected: false)
        #expect(problems(node: node, archiveAge: .seconds(300)).map(\.where) == ["node"])
    }

    @Test("of none, the state is well only if the inference service is up and every camera is looked at")
    func evidence() throws {
        func state(_ cameras: [CameraView], _ state: InferenceView.State = .up) -> (StatusView.State, String) {
            let inference = inference(state)
            return (
                Problems.state([], cameras: cameras, inference: inference),
                Problems.summary([], cameras: cameras, inference: inference)
            )
        }
        let watched = try [camera("a", .live), camera("b", .live, watch: .looking), camera("c", .stopped)]
        #expect(state(watched) == (.well, "All well"))
        #expect(state(watched, .starting).0 == .starting && state(watched, .starting).1 != "All well")
        for other in try [camera("d", .connecting), camera("d", .live, watch: .unknown)] {
            #expect(state(watched + [other]).0 == .starting && state(watched + [other]).1.contains("1 of 4"))
        }
        let one = problems(recording: false)
        #expect(Problems.state(one, cameras: watched, inference: inference(.up)) == .degraded)
    }

    @Test("of none, the state is not well without cameras, or before the inference service has proved that it sees")
    func noEvidence() throws {
        let watched = [try camera("a", .live)]
        for proof in [.pending, .unavailable] as [InferenceView.Proof.State] {
            let inference = inference(.up, proof: proof)
            #expect(Problems.state([], cameras: watched, inference: inference) == .starting)
            #expect(Problems.summary([], cameras: watched, inference: inference).contains("still being checked"))
        }
        #expect(Problems.state([], cameras: [], inference: inference(.up)) == .starting)
        #expect(Problems.summary([], cameras: [], inference: inference(.up)).hasPrefix("No cameras yet"))
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
        let summary = Problems.summary(found, cameras: [], inference: inference(.down))
        #expect(summary.hasPrefix(found[0].what) && summary.contains("4"))
    }

    @Test("have a summary that is the only problem, or says that there is none")
    func summary() {
        let one = problems(inference: .down)
        #expect(Problems.summary(one, cameras: [], inference: inference(.down)) == one.first?.what)
        let none = Problems.summary([], cameras: [], inference: inference(.up))
        #expect(!none.isEmpty && none != one.first?.what)
    }
}
