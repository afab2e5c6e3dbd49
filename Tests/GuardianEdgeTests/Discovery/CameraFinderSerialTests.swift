import GuardianCore
import GuardianHTTP
import GuardianONVIF
import GuardianTestKit
import Synchronization
import Testing

import GuardianEdge

@Suite("Finding cameras")
struct CameraFinderSerialTests {
    private func finder(
        _ found: [FoundCamera] = [], local: Bool = true, clock: any MonotonicClock = SystemMonotonicClock(),
        saved: [String: String] = [:]
    ) -> CameraFinder {
        CameraFinder(
            rules: AddressRules(allowsLoopback: local), clock: clock, saved: { saved[$0] }, search: { _ in found },
            logger: LogBook().logger)
    }

    private func address(_ device: HTTPDevice, host: String = "127.0.0.1") throws -> CameraAddress {
        try CameraAddress("\(host):\(device.port)")
    }

    private func camera(_ address: CameraAddress, maker: String?, claimed: String? = nil) -> FoundCamera {
        FoundCamera(
            address: address, identifier: "", name: "front", hardware: "Eye 4", maker: maker, claimedHost: claimed,
            isPermitted: true)
    }

    /// The logins that a device was sent.
    private func logins(_ device: HTTPDevice) -> Int {
        device.requests.count { $0.headers.contains(name: "Authorization") || $0.body.contains("UsernameToken") }
    }

    private func acme(_ password: String = "pass") -> CameraInquiry.PasswordForMaker {
        CameraInquiry.PasswordForMaker(maker: "ACME", name: "admin", password: Secret(password))
    }

    @Test("a search tells what each camera says of itself, and which one is saved already")
    func search() async throws {
        let liar = camera(try CameraAddress("192.168.1.21"), maker: nil, claimed: "10.0.0.1")
        let known = camera(try CameraAddress("192.168.1.20:8000"), maker: "Acme")
        let found = try await finder([known, liar], saved: ["192.168.1.20": "yard"]).answer(.search(.seconds(4)))
        #expect(found.map(\.address) == ["192.168.1.20:8000", "192.168.1.21"])
        #expect(found.allSatisfy { $0.outcome == .found && $0.streams.isEmpty && $0.name == "front" })
        #expect(found[0].maker == "Acme" && found[0].model == "Eye 4" && found[0].note == nil)
        #expect(found.map(\.camera) == ["yard", nil] && found[0].host == "192.168.1.20")
        #expect(found[1].note?.contains("10.0.0.1") == true)
    }

    @Test("a camera that is asked tells its streams, and what is wrong with its clock")
    func streams() async throws {
        let now = SystemClock().now()
        let simulated = SimulatedCamera(login: .digest("SHA-256"), time: now + Duration.seconds(-3 * 366 * 86_400))
        try await HTTPDevice.run(simulated.answer) { device in
            let login = CameraLogin(name: "admin", password: Secret("pass"))
            let found = try await finder(saved: ["127.0.0.1": "front"]).answer(.streams([address(device)], login))
            let view = try #require(found.first)
            #expect(found.count == 1 && view.outcome == .streams && view.camera == "front")
            #expect(view.maker == "Acme" && view.model == "Eye 4" && view.address == "127.0.0.1:\(device.port)")
            #expect(view.note?.contains("3 years slow") == true, "\(view.note ?? "")")
            let stream = try #require(view.streams.first)
            #expect(view.streams.count == 1 && stream.name == "P1" && stream.codec == "h264" && stream.frameRate == 25)
            #expect(stream.source == "rtsp://127.0.0.1:8554/P1" && (stream.width, stream.height) == (2560, 1440))
            #expect(
                stream.detect == "rtsp://127.0.0.1:8554/P2" && (stream.detectWidth, stream.detectHeight) == (640, 360))
        }
    }

    @Test(
        "what a camera answers to a login is its outcome, with words",
        arguments: [
            (SimulatedCamera.Login.digest("MD5"), nil, FoundCameraView.Outcome.needsLogin, "wants a login"),
            (.digest("MD5"), "guess", .refused, "refuses"), (.basic, "pass", .clearTextOnly, "clear text"),
            (.none, nil, .streams, nil),
        ] as [(SimulatedCamera.Login, String?, FoundCameraView.Outcome, String?)])
    func outcomes(
        _ kind: SimulatedCamera.Login, _ password: String?, _ outcome: FoundCameraView.Outcome, _ words: String?
    ) async throws {
        let simulated = SimulatedCamera(login: kind, time: SystemClock().now())
        try await HTTPDevice.run(simulated.answer) { device in
            let login = password.map { CameraLogin(name: "admin", password: Secret($0)) }
            let view = try #require(try await finder().answer(.streams([address(device)], login)).first)
            #expect(view.outcome == outcome && view.streams.isEmpty == (outcome != .streams))
            if let words {
                #expect(view.note?.contains(words) == true, "\(view.note ?? "")")
            } else {
                #expect(view.note == nil)
            }
            #expect(!"\(view)".contains("guess"))
        }
    }

    @Test("each address is answered once and in order, whatever the others do")
    func order() async throws {
        let simulated = SimulatedCamera(time: SystemClock().now())
        try await HTTPDevice.run(simulated.answer) { device in
            let good = try address(device)
            let (closed, cloud) = (try CameraAddress("127.0.0.1:1"), try CameraAddress("169.254.169.254"))
            let found = try await finder().answer(.streams([closed, good, closed, cloud], nil))
            #expect(found.map(\.address) == ["127.0.0.1:1", good.shortest, "169.254.169.254"])
            #expect(found.map(\.outcome) == [.unreachable, .streams, .failed])
            let refused = try await finder(local: false).answer(.streams([good], nil))
            #expect(refused.map(\.outcome) == [.failed] && refused.first?.note?.contains("this machine itself") == true)
            #expect(device.requests.contains { $0.operation == "GetStreamUri" })
        }
    }

    @Test("a maker's password goes once to each camera that answers the search with that maker, and gets their streams")
    func trial() async throws {
        let simulated = SimulatedCamera(login: .digest("MD5"), time: SystemClock().now())
        try await HTTPDevice.run(simulated.answer) { device in
            let (own, other) = (try address(device), try CameraAddress("127.0.0.2:\(device.port)"))
            let silent = try CameraAddress("127.0.0.3:\(device.port)")
            let found = [camera(own, maker: "Acme"), camera(other, maker: "Bolt")]
            let views = try await finder(found).answer(.trial(acme(), [other, own, silent], search: .seconds(1)))
            #expect(views.map(\.outcome) == [.otherMaker, .streams, .otherMaker])
            #expect(views[0].note?.contains("is of Bolt") == true && views[2].note?.contains("does not say") == true)
            #expect(views[1].name == "front" && views[1].streams.first?.source == "rtsp://127.0.0.1:8554/P1")
        }
    }

    @Test("what a camera said in the newest search stays with it, and no other search is made for its maker")
    func memory() async throws {
        let clock = TestClock()
        let searches = Mutex(0)
        let simulated = SimulatedCamera(login: .digest("MD5"), time: SystemClock().now())
        try await HTTPDevice.run(simulated.answer) { device in
            let found = camera(try address(device), maker: "Bolt")
            let finder = CameraFinder(
                rules: AddressRules(allowsLoopback: true), clock: clock,
                search: { _ in
                    searches.withLock { $0 += 1 }
                    return [found]
                }, logger: LogBook().logger)
            let unknown = try #require(try await finder.answer(.streams([found.address], nil)).first)
            #expect(unknown.outcome == .needsLogin && unknown.maker == nil)
            _ = try await finder.answer(.search(.seconds(1)))
            let asked = try #require(try await finder.answer(.streams([found.address], nil)).first)
            #expect(asked.outcome == .needsLogin && asked.maker == "Bolt" && asked.model == "Eye 4")
            #expect(asked.name == "front")
            let trial = CameraInquiry.trial(acme(), [found.address], search: .seconds(1))
            #expect(try await finder.answer(trial).map(\.outcome) == [.otherMaker])
            #expect(searches.withLock { $0 } == 1)
            clock.advance(by: CameraFinder.memory)
            #expect(try await finder.answer(trial).map(\.outcome) == [.otherMaker])
            #expect(searches.withLock { $0 } == 2)
        }
    }

    @Test("a maker's wrong password is sent to a camera once, and never in clear text")
    func wrong() async throws {
        for (kind, outcome, count) in [
            (SimulatedCamera.Login.digest("MD5"), FoundCameraView.Outcome.refused, 1), (.basic, .clearTextOnly, 0),
        ] {
            let simulated = SimulatedCamera(login: kind, time: SystemClock().now())
            try await HTTPDevice.run(simulated.answer) { device in
                let own = try address(device)
                let inquiry = CameraInquiry.trial(acme("guess"), [own], search: .seconds(1))
                let views = try await finder([camera(own, maker: "acme")]).answer(inquiry)
                #expect(views.map(\.outcome) == [outcome] && views.first?.note?.isEmpty == false)
                #expect(logins(device) == count)
            }
        }
    }

    @Test("a maker's password is not sent to another port of a camera that answered the search")
    func otherPort() async throws {
        let simulated = SimulatedCamera(login: .digest("MD5"), time: SystemClock().now())
        try await HTTPDevice.run(simulated.answer) { device in
            let found = camera(try CameraAddress("127.0.0.1:1"), maker: "Acme")
            let inquiry = CameraInquiry.trial(acme(), [try address(device)], search: .seconds(1))
            #expect(try await finder([found]).answer(inquiry).map(\.outcome) == [.otherMaker])
            #expect(device.requests.isEmpty)
        }
    }

    @Test("cameras that say nothing are given up when the time is over")
    func silence() async throws {
        let clock = TestClock()
        try await HTTPDevice.run { _, _ in
            nil
        } _: { device in
            let finder = finder(clock: clock)
            let addresses = try (1...3).map { _ in try address(device) } + [try CameraAddress("127.0.0.1:1")]
            async let answered = finder.answer(.streams(addresses, nil))
            try await eventually("the camera is asked") { device.requests.count == 1 }
            clock.advance(by: CameraFinder.timeLimit)
            let found = try await answered
            #expect(found.map(\.outcome) == [.unreachable, .unreachable])
            #expect(found.first?.note?.contains("does not answer in time") == true)
        }
    }

    @Test("only one inquiry runs at a time, and one whose beginning fails sends nothing")
    func single() async throws {
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let searches = Mutex(0)
        let finder = CameraFinder(
            rules: AddressRules(),
            search: { _ in
                searches.withLock { $0 += 1 }
                for await _ in gate { break }
                return []
            }, logger: LogBook().logger)
        async let first = finder.answer(.search(.seconds(1)))
        try await eventually("the search runs") { searches.withLock { $0 } == 1 }
        let error = await #expect(throws: GuardianError.self) { try await finder.answer(.search(.seconds(1))) }
        #expect(error?.code == .aborted)
        opening.yield()
        #expect(try await first.isEmpty)
        await #expect(throws: CancellationError.self) {
            try await finder.answer(.search(.seconds(1))) { throw CancellationError() }
        }
        #expect(searches.withLock { $0 } == 1)
        opening.finish()
        #expect(try await finder.answer(.search(.seconds(1))).isEmpty)
    }
}
