import GuardianCore
import GuardianHTTP
import Synchronization

/// Tests one camera's address. Only one test at a time runs, because many cameras accept few connections.
final class CameraTest: Sendable {
    private let probe: CameraProbe
    private let alias: CameraAlias
    private let isRunning = Mutex(false)

    init(_ session: CameraSession) {
        probe = CameraProbe(settings: session.settings)
        alias = session.identity.alias
    }

    /// - Throws: `aborted` while a test of the camera is running.
    func run() async throws -> CameraTestView {
        let isFirst = isRunning.withLock { isRunning in
            defer { isRunning = true }
            return !isRunning
        }
        guard isFirst else {
            throw GuardianError(
                .aborted, "The camera \(alias) is being tested already: wait until that test has ended.")
        }
        defer { isRunning.withLock { $0 = false } }
        let outcome = await probe.run()
        return CameraTestView(
            ok: outcome.stream != nil, tookMs: outcome.milliseconds, codec: outcome.stream?.codec.name,
            width: outcome.stream?.width, height: outcome.stream?.height, reason: outcome.reason)
    }
}
