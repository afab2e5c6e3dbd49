import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianOperations
import GuardianTestKit
import Testing

@Suite("Restarting the inference service", .timeLimit(.minutes(10)))
struct InferenceRestartSerialTests {
    private let service = InferenceKit()
    private let monotonic = TestClock()
    private let restarts = Watermark(0)

    private func restarting(_ link: InferenceLink) -> InferenceRestart {
        InferenceRestart(link: link, monotonic: monotonic, logger: LogBook().logger) { [restarts] in
            restarts.increment()
        }
    }

    /// Lets seconds pass one by one.
    private func pass(_ seconds: Int) async throws {
        for _ in 0..<seconds { try await monotonic.advanceOnceAsleep(by: .seconds(1)) }
        try await monotonic.waitForSleepers(1)
    }

    @Test("happens when it has been down for 30 s, and again every 30 s")
    func staysDown() async throws {
        // Nobody asks the service, so it is down ten seconds after the start.
        let link = try service.link(monotonic: monotonic)
        try await running(restarting(link)) {
            try await pass(39)
            #expect(link.health.state == .down && restarts.value == 0)
            try await pass(1)
            #expect(restarts.value == 1)
            try await pass(29)
            #expect(restarts.value == 1)
            try await pass(1)
            #expect(restarts.value == 2)
        }
    }

    @Test("does not happen while it is starting")
    func starting() async throws {
        let link = try service.link(monotonic: monotonic, patience: .seconds(1_000))
        try await running(restarting(link)) {
            try await pass(100)
            #expect(link.health.state == .starting && restarts.value == 0)
        }
    }
}
