import Foundation
import GuardianCore
import GuardianTelemetry
import GuardianTestKit
import Logging
import Testing

@Suite("The file of the telemetry")
struct TelemetryFileTests {
    private let folder = TemporaryFolder()

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() }
    }

    @Test("is set aside when it is damaged, and a new one begins")
    func damaged() async throws {
        let path = folder.path("telemetry.sqlite")
        try Data("not a database, and longer than its header would be".utf8).write(to: URL(filePath: path))
        let file = TelemetryFile(path: path, logger: Logger(label: "test"))
        let outcome = try await file.store().add(
            [TelemetrySample(at: SystemClock().now())], from: Hash256.sha256(of: [1]))
        #expect(outcome.added == 1)
        #expect(try names.count { $0.hasPrefix("telemetry.sqlite.damaged-") } == 1)
        file.close()
    }

    @Test("is tried again at each use while it cannot be opened")
    func again() throws {
        let missing = folder.path("disk")
        let file = TelemetryFile(path: "\(missing)/telemetry.sqlite", logger: Logger(label: "test"))
        #expect(throws: GuardianError.self) { try file.store() }
        try FileManager.default.createDirectory(atPath: missing, withIntermediateDirectories: false)
        #expect(throws: Never.self) { try file.store() }
        file.close()
    }
}
