import Foundation
import GuardianCore
import GuardianEdge
import GuardianMedia
import GuardianOperations
import GuardianTestKit
import Logging
import Synchronization

extension CameraSession {
    /// Returns a session with a camera at `address` that reconnects quickly.
    ///
    /// - Parameter ringBytes: most bytes in its GOP ring; the usual number when `nil`.
    static func test(
        _ address: String, detect: String? = nil, audio: Bool = false, ringBytes: Int? = nil,
        clock: any WallClock = SystemClock(), logger: Logger = LogBook().logger
    ) throws -> CameraSession {
        guard let alias = CameraAlias("cam") else { throw Tool.Failure(text: "alias") }
        var settings = CameraSettings(source: Secret(address), detect: detect.map { Secret($0) }, audio: audio)
        settings.backoff = Backoff(base: .milliseconds(50), limit: .milliseconds(200))
        settings.readTimeout = 5
        if let ringBytes { settings.ringBytes = ringBytes }
        return CameraSession(
            identity: CameraIdentity(id: CameraID(UUID()), alias: alias, name: "Camera"), settings: settings,
            clock: clock, logger: logger)
    }

    /// Runs the session while `body` runs.
    func running<Result>(_ body: () async throws -> Result) async throws -> Result {
        async let _: Void = run()
        return try await body()
    }
}
