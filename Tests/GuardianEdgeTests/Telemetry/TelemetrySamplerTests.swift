import Foundation
import GuardianCore
import GuardianEdge
import GuardianTelemetry
import GuardianTestKit
import Testing

@Suite("A sample of telemetry")
struct TelemetrySamplerTests {
    private let root = TemporaryFolder()

    private func machine(ticks busy: Int, of total: Int, sent: Int) throws {
        for folder in ["proc/net", "sys"] {
            try FileManager.default.createDirectory(
                at: root.url.appending(path: folder), withIntermediateDirectories: true)
        }
        try Data("cpu  \(busy) 0 0 \(total - busy) 0 0 0 0\n".utf8).write(to: root.url.appending(path: "proc/stat"))
        try Data("eth0: 5 0 0 0 0 0 0 0 \(sent) 0\n".utf8).write(to: root.url.appending(path: "proc/net/dev"))
    }

    private func value(_ sample: TelemetrySample, _ metric: TelemetryMetric, of camera: CameraID? = nil) -> Int64? {
        TelemetrySeries(metric, of: camera).flatMap { sample.values[$0] }
    }

    @Test("has what grew since the one before, and nothing of it in the first one")
    func growth() throws {
        var sampler = TelemetrySampler(machine: MachineReadings(root: root.url.path))
        try machine(ticks: 100, of: 1000, sent: 7_000)
        let first = sampler.sample(at: Sample.start, status: nil, counts: [:])
        #expect(value(first, .edgeUp) == 1)
        #expect(value(first, .cpu) == nil && value(first, .networkSent) == nil)
        try machine(ticks: 150, of: 1100, sent: 7_500)
        let second = sampler.sample(at: Sample.start + 10_000, status: nil, counts: [:])
        #expect(value(second, .cpu) == 500)
        #expect(value(second, .networkSent) == 500 && value(second, .networkReceived) == 0)
        try machine(ticks: 151, of: 1200, sent: 10)
        let third = sampler.sample(at: Sample.start + 20_000, status: nil, counts: [:])
        #expect(value(third, .cpu) == 10)
        #expect(value(third, .networkSent) == nil, "the interface came up again")
    }

    @Test("counts a camera's losses also when its station begins again")
    func cameras() {
        var sampler = TelemetrySampler(machine: MachineReadings(root: root.url.path))
        func missing(_ counts: [CameraID: TelemetrySampler.CameraCounts]) -> Int64? {
            value(
                sampler.sample(at: Sample.start, status: nil, counts: counts), .cameraPacketsMissing, of: Sample.front)
        }
        #expect(missing([Sample.front: .init(reconnects: 0, missingPackets: 5)]) == 5)
        #expect(missing([Sample.front: .init(reconnects: 0, missingPackets: 7)]) == 2)
        #expect(missing([Sample.front: .init(reconnects: 0, missingPackets: 3)]) == 3, "a new station counts from 0")
        #expect(missing([:]) == nil, "it is paused")
        #expect(missing([Sample.front: .init(reconnects: 0, missingPackets: 4)]) == 4)
    }

    @Test("leaves out values that are impossible")
    func impossible() {
        var sample = TelemetrySample(at: Sample.start)
        sample.set(.clipBytes, .max)
        sample.set(.cameraLive, 1)
        sample.set(.cpu, of: Sample.front, 1)
        #expect(sample.values.isEmpty)
    }
}
