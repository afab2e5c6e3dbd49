import Foundation
import GuardianCore
import GuardianEdge
import GuardianOperations
import GuardianTelemetry
import GuardianTestKit
import Logging
import Testing

@Suite("The edge's telemetry", .timeLimit(.minutes(5)))
struct EdgeTelemetryTests {
    private let folder = TemporaryFolder()
    private let monotonic = TestClock()
    private let wall = ManualClock(Sample.start)

    private func telemetry(in path: String = "telemetry.sqlite", hasNode: Bool = true) -> EdgeTelemetry {
        EdgeTelemetry(
            path: folder.path(path), device: Hash256.sha256(of: [1]), hasNode: hasNode, metrics: MetricsRegistry(),
            clock: wall, monotonic: monotonic, logger: Logger(label: "test"))
    }

    private func count(_ telemetry: EdgeTelemetry) async throws -> Int {
        try await TelemetryQueue(telemetry.file.store()).count()
    }

    @Test("is measured every ten seconds, also when a measurement takes three of them")
    func interval() async throws {
        let telemetry = telemetry()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [monotonic] in
                try await telemetry.run(
                    status: {
                        monotonic.advance(by: .seconds(3))
                        throw GuardianError(.unavailable, "It cannot be read.")
                    }, counts: { [:] })
            }
            for measured in 1...3 {
                try await monotonic.waitForSleepers(1)
                #expect(try await count(telemetry) == measured)
                wall.set(Sample.start + Int64(measured) * 10_000)
                monotonic.advance(by: .seconds(7) - .nanoseconds(1))
                #expect(monotonic.sleepers == 1)
                monotonic.advance(by: .nanoseconds(1))
            }
            group.cancelAll()
        }
    }

    @Test("leaves the last room of the disk to events")
    func room() async throws {
        let telemetry = EdgeTelemetry(
            path: folder.path("telemetry.sqlite"), device: Hash256.sha256(of: [1]), hasNode: true,
            metrics: MetricsRegistry(), clock: wall, monotonic: monotonic, logger: Logger(label: "test")
        ) { _ in DiskSpace(capacity: 1 << 30, free: (32 << 20) - 1) }
        let error = await #expect(throws: GuardianError.self) {
            try await telemetry.run(status: { throw CancellationError() }, counts: { [:] })
        }
        #expect(error?.code == .resourceExhausted)
        #expect(!FileManager.default.fileExists(atPath: folder.path("telemetry.sqlite")))
    }

    @Test("that is not written for a minute is a problem, and a failing file ends the measuring with its reason")
    func silence() async throws {
        let telemetry = telemetry(in: "missing/telemetry.sqlite")
        #expect(telemetry.problems.isEmpty)
        await #expect(throws: GuardianError.self) {
            try await telemetry.run(status: { throw CancellationError() }, counts: { [:] })
        }
        monotonic.advance(by: .seconds(61))
        #expect(telemetry.problems.map(\.where) == ["telemetry"])
    }
}
