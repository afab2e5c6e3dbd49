import GuardianCore
import GuardianHTTP
import Synchronization

/// Tests addresses. Only one test at a time runs, because many cameras accept few connections.
final class CameraTest: Sendable {
    private let isRunning = Mutex(false)

    /// - Parameter name: of the camera, for the error.
    /// - Throws: `aborted` while another test runs.
    func run(_ settings: CameraSettings, of name: String) async throws -> CameraTestView {
        let isFirst = isRunning.withLock { isRunning in
            defer { isRunning = true }
            return !isRunning
        }
        guard isFirst else {
            throw GuardianError(
                .aborted, "The camera \(name) is being tested already: wait until that test has ended.")
        }
        defer { isRunning.withLock { $0 = false } }
        return CameraTestView(await CameraProbe(settings: settings).run())
    }
}

extension CameraTestView {
    init(_ outcome: CameraProbe.Outcome) {
        self.init(
            ok: outcome.stream != nil, tookMs: outcome.milliseconds, codec: outcome.stream?.codec.name,
            width: outcome.stream?.width, height: outcome.stream?.height, reason: outcome.reason)
    }
}
