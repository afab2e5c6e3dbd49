import GuardianCore
import ServiceLifecycle

/// Tells the camera's events when the camera goes away and when it is back.
struct CameraCoverage: Service {
    let session: CameraSession
    let events: CameraEvents

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var isLost = false
            for await health in session.healthChanges() {
                switch health.state {
                case .lost where !isLost:
                    isLost = true
                    events.post(.cameraLost(reason: health.lastFailure ?? "It sends nothing."))
                case .live where isLost:
                    isLost = false
                    events.post(.cameraBack)
                case .lost, .live, .connecting, .stopped:
                    continue
                }
            }
        }
    }
}
