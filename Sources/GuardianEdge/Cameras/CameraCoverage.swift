import GuardianCore
import ServiceLifecycle

/// Posts `cameraLost` and `cameraBack` to the camera's events when the main stream's state changes.
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
