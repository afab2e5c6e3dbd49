import GuardianCore
import GuardianHTTP
import Synchronization

/// Tries one camera's address, one try at a time: many cameras serve few connections.
final class CameraTest: Sendable {
    private let probe: CameraProbe
    private let alias: CameraAlias
    private let isRunning = Mutex(false)

    init(_ session: CameraSession) {
        probe = CameraProbe(settings: session.settings)
        alias = session.identity.alias
    }

    /// - Throws: `aborted` while it is being tried already.
    func run() async throws -> CameraTestView {
        let begins = isRunning.withLock { isRunning in
            defer { isRunning = true }
            return !isRunning
        }
        guard begins else {
            throw GuardianError(.aborted, "The camera \(alias) is being tried already: wait for that to end.")
        }
        defer { isRunning.withLock { $0 = false } }
        let finding = await probe.run()
        return CameraTestView(
            ok: finding.stream != nil, tookMs: finding.milliseconds, codec: finding.stream?.codec.name,
            width: finding.stream?.width, height: finding.stream?.height, reason: finding.reason)
    }
}
