import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianEdge
import GuardianNode
import GuardianTelemetry
import GuardianTestKit
import GuardianWire
import Logging
import Testing

@Suite("Telemetry that an edge sends to its node")
struct TelemetryReceptionSerialTests {
    private let fixture: NodeFixture

    init() throws { fixture = try NodeFixture() }

    private var device: Hash256 { fixture.key.publicKey.fingerprint }

    private func sample(_ at: Timestamp, _ value: Int64, live: Int64? = nil) -> TelemetrySample {
        var sample = TelemetrySample(at: at)
        sample.set(.cpu, value)
        sample.set(.errors, 0)
        sample.set(.cameraLive, of: Sample.front, live)
        return sample
    }

    private func sender(_ file: TelemetryFile, port: Int, clock: any WallClock = SystemClock()) -> TelemetrySender {
        TelemetrySender(
            file, node: NodeTarget(host: "localhost", port: port, credentials: fixture.edgeFiles), clock: clock,
            logger: Logger(label: "edge"))
    }

    private func lines(_ tenants: Tenants, _ start: Timestamp) async throws -> [TelemetryLine] {
        try await tenants.localScope().telemetry.store().lines(
            TelemetryQuery(from: start + -3_600_000, to: start + 3_600_000, step: 3600, metrics: [.cpu], now: start))
    }

    @Test("is stored with the device of its certificate, leaves the edge's queue, and counts once")
    func sent() async throws {
        let start = SystemClock().now()
        let file = TelemetryFile(path: fixture.folder.path("telemetry.sqlite"), logger: Logger(label: "edge"))
        let queue = TelemetryQueue(try file.store())
        for number in 0..<500 as Range<Int64> {
            _ = try await queue.record(sample(start + (number - 600) * 1_000, 2), from: device, waits: true)
        }
        try await fixture.withNode { port, tenants in
            let sender = sender(file, port: port)
            try await sender.sendAll()
            #expect(try await queue.count() == 0)
            let lines = try await lines(tenants, start)
            #expect(lines.map(\.device) == [device])
            #expect(lines.flatMap { $0.points.map(\.rollup.sum) }.reduce(0, +) == 1000)
            #expect(sender.problems.isEmpty)
            // Its answer was lost, for example.
            for number in 0..<10 as Range<Int64> {
                let old = sample(start + (number - 600) * 1_000, 2)
                _ = try await TelemetryQueue(TelemetryStore(path: fixture.folder.path("copy.sqlite")))
                    .record(old, from: device, waits: true)
            }
            let copy = TelemetryFile(path: fixture.folder.path("copy.sqlite"), logger: Logger(label: "edge"))
            try await self.sender(copy, port: port).sendAll()
            #expect(try await self.lines(tenants, start).flatMap { $0.points.map(\.rollup.sum) }.reduce(0, +) == 1000)
        }
    }

    @Test("waits at the edge while the node is away")
    func away() async throws {
        let file = TelemetryFile(path: fixture.folder.path("telemetry.sqlite"), logger: Logger(label: "edge"))
        let queue = TelemetryQueue(try file.store())
        _ = try await queue.record(sample(SystemClock().now(), 1), from: device, waits: true)
        let port = try UnusedPort.find()
        await #expect(throws: (any Error).self) { try await sender(file, port: port).sendAll() }
        #expect(try await queue.count() == 1)
    }

    @Test("of an edge whose clock is wrong is refused, does not come again, and the owner is told")
    func clock() async throws {
        let clock = SettableClock()
        clock.shift(by: 3 * 3_600_000)
        let file = TelemetryFile(
            path: fixture.folder.path("telemetry.sqlite"), clock: clock, logger: Logger(label: "edge"))
        let queue = TelemetryQueue(try file.store())
        _ = try await queue.record(sample(clock.now(), 1), from: device, waits: true)
        try await fixture.withNode { port, tenants in
            let sender = sender(file, port: port, clock: clock)
            try await sender.sendAll()
            #expect(try await queue.count() == 0)
            #expect(try await lines(tenants, clock.now()).isEmpty)
            #expect(sender.problems.map(\.what) == ["This recorder's clock is 3 hours ahead of its node's."])
        }
    }

    @Test("decides how the node says that an edge is")
    func health() async throws {
        let now = SystemClock().now()
        let file = TelemetryFile(path: fixture.folder.path("telemetry.sqlite"), logger: Logger(label: "edge"))
        let queue = TelemetryQueue(try file.store())
        try await fixture.withNode { port, tenants in
            let scope = try tenants.localScope()
            _ = try await scope.cache.recordHello(
                [.init(chain: .v7(at: now), sequence: 0, hash: nil)], from: fixture.key.publicKey)
            #expect(try await scope.edges(now: now).first?.health?.state == .offline)
            _ = try await queue.record(sample(now, 1, live: 0), from: device, waits: true)
            try await sender(file, port: port).sendAll()
            let health = try #require(try await scope.edges(now: now).first?.health)
            #expect(health.state == .offline, "no stream is open")
            #expect(health.reasons == ["It is not connected.", "1 of 1 cameras send no video."])
            #expect(health.measuredAt != nil)
            let later = try #require(try await scope.edges(now: now + 301_000).first?.health)
            #expect(later.reasons == ["It is not connected.", "It has sent no telemetry for five minutes."])
        }
    }
}
