import Foundation
import GuardianCore
import GuardianWire
import Testing

@Suite("What an edge tells of its cameras, on the wire")
struct CameraReportWireTests {
    private func report(name: String = "Front door", width: Int? = 640) throws -> CameraReport {
        CameraReport(
            id: CameraID(UUID()), alias: try #require(CameraAlias("front")), name: name, state: .live, watch: .looking,
            since: Timestamp(milliseconds: 1_790_000_000_000), fps: 14.9, bitrate: 800_000, width: width, height: 360,
            codec: width == nil ? nil : "avc1.64001e", recording: true, person: true)
    }

    @Test("arrives as it was sent, its name cut")
    func whole() throws {
        let sent = [try report(), try report(width: nil)]
        #expect(try Guardian_V1_ControlCameras(sent).reports() == sent)
        let long = try Guardian_V1_ControlCameras([report(name: String(repeating: "ä", count: 300))]).reports()
        #expect(long.map(\.name) == [String(repeating: "ä", count: 100)])
        let many = try (0..<80).map { _ in try report() }
        #expect(try Guardian_V1_ControlCameras(many).reports() == Array(many.prefix(64)))
    }

    @Test("is refused when it is none, and nothing traps")
    func refused() throws {
        let good = Guardian_V1_ControlCameras([try report()])
        let changes: [(inout Guardian_V1_ControlCamera) -> Void] = [
            { $0.id = "front" }, { $0.alias = "../x" }, { $0.name = "" }, { $0.state = "fine" }, { $0.watch = "" },
            { $0.since = .max }, { $0.fps = .nan }, { $0.fps = -1 }, { $0.fps = .infinity }, { $0.bitrate = -1 },
            { $0.bitrate = .max }, { $0.width = -1 }, { $0.height = .max },
        ]
        for (number, change) in changes.enumerated() {
            var bad = good
            change(&bad.cameras[0])
            #expect(throws: GuardianError.self, "\(number)") { try bad.reports() }
        }
        var twice = good
        twice.cameras.append(good.cameras[0])
        #expect(throws: GuardianError.self) { try twice.reports() }
        var many = good
        many.cameras = (0..<65).map { _ in .with { $0.id = UUID().uuidString.lowercased() } }
        #expect(throws: GuardianError.self) { try many.reports() }
    }
}
