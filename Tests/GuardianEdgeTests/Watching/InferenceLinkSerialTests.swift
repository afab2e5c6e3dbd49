import GRPCCore
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianOperations
import GuardianTestKit
import GuardianWire
import Testing

@Suite("The connection to the inference service", .timeLimit(.minutes(10)))
struct InferenceLinkSerialTests {
    private let service = InferenceKit()
    private let clock = ManualClock(Sample.start)
    private let monotonic = TestClock()
    /// Longer than the polls of a test take by the test's clock.
    private let patience: Duration = .seconds(1_000_000)

    /// Lets the link poll once, and waits until it has processed the outcome: then it sleeps again.
    private func poll() async throws {
        try await monotonic.waitForSleepers(1)
        monotonic.advance(by: .seconds(1))
        try await monotonic.waitForSleepers(1)
    }

    /// Lets the link poll until it has processed a reply that was sent after this call.
    private func oneMoreAnswer() async throws {
        try await monotonic.waitForSleepers(1)
        let calls = service.healthCalls
        try await polling("asked") { service.healthCalls > calls }
    }

    /// Lets the link poll until the condition holds.
    private func polling(_ what: String, until condition: () -> Bool) async throws {
        try await eventually(what) {
            if condition() { return true }
            try await poll()
            return condition()
        }
    }

    @Test("is starting until the service is ready, and down when it fails; `since` changes with the state only")
    func states() async throws {
        service.answer { $0.health = { throw RPCError(code: .unavailable, message: "Not yet.") } }
        let link = try service.link(clock: clock, monotonic: monotonic, patience: patience)
        #expect(link.health.state == .starting && link.health.since == Sample.start)
        try await service.serving {
            try await running(link) {
                clock.set(Sample.start + 1_000)
                try await oneMoreAnswer()
                #expect(link.health.state == .starting && link.health.since == Sample.start)
                service.answer { $0.health = { .with { $0.reason = "The model is being loaded." } } }
                try await oneMoreAnswer()
                #expect(link.health.state == .starting && link.health.since == Sample.start)

                service.answer { $0.health = { .with { $0.ready = true } } }
                try await polling("up") { link.health.state == .up }
                #expect(link.health.since == Sample.start + 1_000)
                clock.set(Sample.start + 2_000)
                try await oneMoreAnswer()
                #expect(link.health.state == .up && link.health.since == Sample.start + 1_000)

                service.answer { $0.health = { throw RPCError(code: .unavailable, message: "Gone.") } }
                try await polling("down") { link.health.state == .down }
                #expect(link.health.since == Sample.start + 2_000)
            }
        }
    }

    @Test("is asked ten times a second until the service is ready, and every second while it is up")
    func intervals() async throws {
        service.answer { $0.health = { .with { $0.reason = "The model is being loaded." } } }
        let link = try service.link(clock: clock, monotonic: monotonic, patience: patience)
        try await service.serving {
            try await running(link) {
                try await oneMoreAnswer()
                #expect(link.health.state == .starting && monotonic.waits.last == .milliseconds(100))
                service.answer { $0.health = { .with { $0.ready = true } } }
                try await polling("up") { link.health.state == .up }
                #expect(monotonic.waits.last == .seconds(1))
                service.answer { $0.health = { throw RPCError(code: .unavailable, message: "Gone.") } }
                let calls = service.healthCalls
                monotonic.advance(by: .milliseconds(999))
                #expect(monotonic.sleepers == 1 && service.healthCalls == calls)
                monotonic.advance(by: .milliseconds(1))
                try await monotonic.waitForSleepers(1)
                #expect(link.health.state == .down && monotonic.waits.last == .milliseconds(100))
            }
        }
    }

    @Test("is starting again when a service that was up is no longer ready")
    func notReadyAgain() async throws {
        let link = try service.link(clock: clock, monotonic: monotonic, patience: patience)
        try await service.serving {
            try await running(link) {
                try await polling("up") { link.health.state == .up }
                service.answer { $0.health = { .with { $0.reason = "The model is being loaded." } } }
                try await polling("starting") { link.health.state == .starting }
            }
        }
    }

    @Test("is down when the server ends, and up again when another server listens on the socket")
    func reconnects() async throws {
        let log = LogBook()
        let link = try service.link(clock: clock, monotonic: monotonic, patience: patience, log: log)
        try await running(link) {
            try await service.serving { try await polling("up") { link.health.state == .up } }
            try await polling("down") { link.health.state == .down }
            try await service.serving {
                try await polling("up again") { link.health.state == .up }
                #expect(log.text.split(separator: "\n").count { $0.hasPrefix("warning") } == 1)
            }
        }
    }

    @Test("has model, queue, latency and metrics of the newest reply")
    func contents() async throws {
        service.answer {
            $0.health = {
                .with {
                    $0.ready = true
                    $0.model.name = "person-1"
                    $0.model.sha256 = Hash256.sha256(of: [1]).hex
                    $0.queue = 3
                    $0.latencyP50 = 12.5
                    $0.latencyP99 = 40
                    $0.exposition = "guardian_ai_looks 5\n"
                }
            }
        }
        let link = try service.link(clock: clock, monotonic: monotonic, patience: patience)
        try await service.serving {
            try await running(link) {
                try await polling("the queue") { link.health.queue == 3 }
                let health = link.health
                #expect(health.model?.name == "person-1" && health.model?.sha256 == .sha256(of: [1]))
                #expect(health.latency?.p50 == 12.5 && health.latency?.p99 == 40)
                #expect(health.exposition == "guardian_ai_looks 5\n")
            }
        }
    }

    @Test(
        "ignores a model with an invalid hash or a too long name, and has no latency before the first analysis",
        arguments: [
            ("person-2", "abc"), ("person-2", Hash256.sha256(of: [2]).hex.uppercased()),
            (String(repeating: "x", count: 201), Hash256.sha256(of: [2]).hex),
        ])
    func refusals(name: String, hash: String) async throws {
        service.answer {
            $0.health = {
                .with {
                    $0.ready = true
                    $0.model.name = String(repeating: "x", count: 200)
                    $0.model.sha256 = Hash256.sha256(of: [1]).hex
                    $0.latencyP99 = 40
                }
            }
        }
        let link = try service.link(clock: clock, monotonic: monotonic, patience: patience)
        try await service.serving {
            try await running(link) {
                try await polling("a model") { link.health.model?.sha256 == .sha256(of: [1]) }
                service.answer {
                    $0.health = {
                        .with {
                            $0.ready = true
                            $0.model.name = name
                            $0.model.sha256 = hash
                            $0.queue = 7
                        }
                    }
                }
                try await polling("the next answer") { link.health.queue == 7 }
                #expect(link.health.model?.sha256 == .sha256(of: [1]) && link.health.model?.name.count == 200)
                #expect(link.health.latency == nil)
            }
        }
    }

    @Test("is down with its reason when it has not become ready in ten seconds, which is logged once")
    func neverReady() async throws {
        let log = LogBook()
        service.answer { $0.health = { .with { $0.reason = "The model cannot be loaded." } } }
        let link = try service.link(clock: clock, monotonic: monotonic, log: log)
        try await service.serving {
            try await running(link) {
                try await polling("down") { link.health.state == .down }
                #expect(link.health.reason?.contains("The model cannot be loaded.") == true)
                try await oneMoreAnswer()
                #expect(link.health.state == .down, "an answer that it is not ready is no start")
                let warnings = log.text.split(separator: "\n").filter { $0.hasPrefix("warning") }
                #expect(warnings.count == 1 && warnings.allSatisfy { $0.contains("The model cannot be loaded.") })
            }
        }
    }

    @Test("is down when nothing has answered since the start, even if nobody asks any more")
    func nobodyThere() throws {
        let link = try service.link(clock: clock, monotonic: monotonic)
        monotonic.advance(by: .milliseconds(9_999))
        #expect(link.health.state == .starting && link.health.reason == nil)
        monotonic.advance(by: .milliseconds(1))
        #expect(link.health.state == .down && link.health.reason != nil && link.health.since == Sample.start)
    }

    @Test("is down when its last answer is ten seconds old")
    func silent() async throws {
        let link = try service.link(clock: clock, monotonic: monotonic)
        try await service.serving {
            try await running(link) { try await polling("up") { link.health.state == .up } }
        }
        monotonic.advance(by: .seconds(10))
        #expect(link.health.state == .down && link.health.reason != nil)
    }

    @Test("neither changes its state nor logs a warning when it ends")
    func ends() async throws {
        let log = LogBook()
        let asked = Watermark(0)
        let link = try service.link(clock: clock, monotonic: monotonic, patience: patience, log: log)
        try await service.serving {
            let run = Task { try await link.run() }
            try await polling("up") { link.health.state == .up }
            service.answer {
                $0.health = {
                    asked.increment()
                    try await asked.wait(beyond: .max - 1)
                    return .with { $0.ready = true }
                }
            }
            try await monotonic.advanceOnceAsleep(by: .seconds(1))
            try await asked.wait(beyond: 0)
            run.cancel()
            _ = await run.result
        }
        #expect(link.health.state == .up && !log.text.contains("warning"))
    }

    @Test("ends although its connection does not close")
    func leftAlone() async throws {
        let log = LogBook()
        let work = EndlessWork()
        let link = InferenceLink(
            place: .socket(service.socket), clock: clock, monotonic: monotonic, closing: .milliseconds(50),
            running: { connection in
                async let connected: Void? = try? connection.runConnections()
                await work.run()
                await connected
            }, logger: log.logger)
        let run = Task { try await link.run() }
        await work.begin()
        run.cancel()
        _ = await run.result
        work.release()
        #expect(log.text.contains("does not close, abandoned"))
    }

    @Test("leaves a call alone that does not end when it is cancelled")
    func endlessCall() async throws {
        let log = LogBook()
        let work = EndlessWork()
        let link = InferenceLink(
            place: .socket(service.socket), clock: clock, monotonic: monotonic, closing: .milliseconds(50),
            logger: log.logger)
        let call = Task { try await link.call { _ in await work.run() } }
        await work.begin()
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
        work.release()
        #expect(log.text.contains("call to the AI service does not end, abandoned"))
    }

    @Test("is down with the reason while its credentials cannot be read, and reads them again")
    func credentials() async throws {
        let folder = TemporaryFolder()
        let files = CredentialFiles(folder: folder.url.path, name: "edge")
        let link = InferenceLink(
            place: .remote(.init(host: "127.0.0.1", port: 9, credentials: files)), clock: clock, monotonic: monotonic,
            patience: .seconds(10), logger: LogBook().logger)
        try await running(link) {
            try await monotonic.waitForSleepers(2)
            monotonic.advance(by: .seconds(10))
            #expect(link.health.state == .down)
            let reason = try #require(link.health.reason)
            #expect(reason.contains("\(files.key) cannot be read; check the path"))
            let authority = try CertificateAuthority(name: "test", days: 1)
            try authority.issueEdge(fingerprint: .sha256(of: [1])).write(
                to: files, authorityPEM: try authority.certificatePEM())
            try await eventually("the credentials are used", advancing: monotonic, by: .seconds(1)) {
                link.health.reason?.contains(files.key) == false
            }
            #expect(link.health.state == .down)
        }
    }

    @Test("is down with the reason while its section of the configuration is wrong")
    func refused() async throws {
        let link = InferenceLink(
            place: .refused, clock: clock, monotonic: monotonic, patience: .seconds(10), logger: LogBook().logger)
        try await running(link) {
            try await monotonic.waitForSleepers(2)
            monotonic.advance(by: .seconds(10))
            #expect(link.health.state == .down)
            #expect(link.health.reason == "Its section of the configuration is wrong.")
        }
    }

    @Test("has the service's word on its sandbox")
    func sandbox() async throws {
        let link = try service.link(clock: clock, monotonic: monotonic, patience: patience)
        try await service.serving {
            try await running(link) {
                try await oneMoreAnswer()
                #expect(link.health.sandbox == nil, "an older service does not say it")
                for (said, isActive, detail) in [
                    ("landlock 6", true, "landlock 6"), ("none: no Landlock", false, "no Landlock"), ("?", false, "?"),
                ] {
                    service.answer {
                        $0.health = {
                            .with {
                                $0.ready = true
                                $0.sandbox = said
                            }
                        }
                    }
                    try await polling(said) { link.health.sandbox?.detail == detail }
                    #expect(link.health.sandbox?.isActive == isActive)
                }
            }
        }
    }

    @Test("has the proof that the service sees, which is no proof when it is old")
    func proof() async throws {
        clock.set(Sample.start + 100_000)
        let link = try service.link(clock: clock, monotonic: monotonic, patience: patience)
        #expect(link.health.proof.state == .unavailable)
        func answer(_ age: UInt64, _ failure: String = "") {
            service.answer {
                $0.health = {
                    .with {
                        $0.ready = true
                        $0.proof = true
                        $0.proofAge = age
                        $0.proofFailure = failure
                    }
                }
            }
        }
        try await service.serving {
            try await running(link) {
                answer(0)
                try await polling("asked") { link.health.proof.state == .pending }
                answer(60_000)
                try await polling("proved") { link.health.proof.state == .passed }
                #expect(link.health.proof.passed?.time == Sample.start + 40_000)
                answer(300_000)
                try await polling("old") { link.health.proof.state == .failed }
                answer(.max, "Nobody found.")
                try await polling("failed") { link.health.proof.failure == "Nobody found." }
                #expect(link.health.proof.state == .failed)
            }
        }
    }
}
