import GuardianCore
import Synchronization

/// What this process has learned about cameras: which of them libav alone cannot keep.
final class RTSPQuirks: Sendable {
    static let known = RTSPQuirks()

    private static let limit = 256
    /// The longest session time-out that is looked for, in seconds; RFC 2326 has 60 s where none is given.
    private static let longestSession = 150.0

    private struct Quirks {
        var needsRelay = false
        /// How long the last connection lasted that the camera ended, in seconds.
        var lasted: Double?
    }

    private let quirks = Mutex<[RTSPAddress.Endpoint: Quirks]>([:])

    /// Whether to connect through a relay from the beginning.
    func needsRelay(_ camera: RTSPAddress.Endpoint) -> Bool {
        quirks.withLock { $0[camera]?.needsRelay ?? false }
    }

    func noteNeedsRelay(_ camera: RTSPAddress.Endpoint) { change(camera) { $0.needsRelay = true } }

    /// Notes that the camera ended a connection. Two that lasted equally long are those of a session that it does not see
    /// kept alive.
    func noteEnd(of camera: RTSPAddress.Endpoint, after seconds: Double) {
        change(camera) { quirk in
            if let lasted = quirk.lasted, (3...Self.longestSession).contains(seconds),
                abs(lasted - seconds) <= max(1.5, 0.1 * seconds)
            {
                quirk.needsRelay = true
            }
            quirk.lasted = seconds
        }
    }

    private func change(_ camera: RTSPAddress.Endpoint, _ body: (inout Quirks) -> Void) {
        quirks.withLock { quirks in
            if quirks[camera] == nil, quirks.count >= Self.limit { quirks.removeAll() }
            body(&quirks[camera, default: Quirks()])
        }
    }
}
