import Foundation
import GuardianCore
import GuardianTelemetry
import GuardianTestKit
import GuardianWire
import SwiftProtobuf
import Testing

@Suite("Telemetry on the wire")
struct TelemetryWireTests {
    private func sample(_ number: Int64) -> TelemetrySample {
        var sample = TelemetrySample(at: Sample.start + number * 10_000)
        sample.set(.temperature, -5_000 + number)
        if number % 2 == 0 { sample.set(.cameraBitrate, of: Sample.front, 1 << 40) }
        return sample
    }

    private func decoded(_ request: Guardian_V1_TelemetryReportRequest) throws -> [TelemetrySample] {
        try Guardian_V1_TelemetryReportRequest(serializedBytes: try request.serializedBytes() as [UInt8])
            .telemetrySamples()
    }

    @Test("arrives as it was sent, and names each series once")
    func roundTrip() throws {
        let samples = (0..<7).map(sample) + [TelemetrySample(at: Sample.start + 500_000)]
        let request = Guardian_V1_TelemetryReportRequest(samples)
        #expect(request.series.count == 2)
        #expect(try decoded(request) == samples)
    }

    @Test("without metrics that the node does not know is read all the same")
    func unknown() throws {
        var request = Guardian_V1_TelemetryReportRequest([sample(0)])
        request.series.append(.with { $0.metric = "of_a_later_version" })
        request.samples[0].series.append(UInt32(request.series.count - 1))
        request.samples[0].values.append(1)
        #expect(try decoded(request) == [sample(0)])
    }

    @Test(
        "that no edge sends is refused",
        arguments: [
            { $0.samples[0].at = .max }, { $0.samples[0].values.removeLast() }, { $0.samples[0].series[0] = 99 },
            { $0.samples[0].series = [0, 0] }, { $0.samples[0].values[0] = .min }, { $0.series[0].camera = "front" },
            {
                $0.series = [
                    .with {
                        $0.metric = "cpu_permille"; $0.camera = Sample.front.description
                    }
                ]
            },
            { $0.series = [.with { $0.metric = "camera_live" }] },
            { $0.samples = Array(repeating: $0.samples[0], count: 361) },
            { $0.series = Array(repeating: $0.series[0], count: 513) },
        ] as [@Sendable (inout Guardian_V1_TelemetryReportRequest) -> Void])
    func impossible(change: @Sendable (inout Guardian_V1_TelemetryReportRequest) -> Void) throws {
        var request = Guardian_V1_TelemetryReportRequest([sample(0)])
        change(&request)
        let error = #expect(throws: GuardianError.self) { try decoded(request) }
        #expect(error?.code == .invalidArgument)
    }
}
