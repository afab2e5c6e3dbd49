import GuardianCore
import ServiceLifecycle
import Synchronization

/// Posts `cameraLost` and `cameraBack` to the camera's events when the main stream's state changes. A gap begins at the
/// last packet, or at the start if there was none.
package final class CameraCoverage: Service {
    private let session: CameraSession
    private let startedAt: Timestamp
    private let monotonic: any MonotonicClock
    private let post: @Sendable (CameraInput) -> Void
    private let isLost = Mutex(false)

    package init(
        session: CameraSession, startedAt: Timestamp, monotonic: any MonotonicClock = SystemMonotonicClock(),
        post: @escaping @Sendable (CameraInput) -> Void
    ) {
        self.session = session
        self.startedAt = startedAt
        self.monotonic = monotonic
        self.post = post
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.followChanges() }
                group.addTask { await self.lookAgain() }
                await group.next()
                group.cancelAll()
            }
        }
    }

    private func followChanges() async {
        // Subscribed before the first look: a change in between is seen twice, but not missed.
        let changes = session.healthChanges()
        isLost.withLock { judge(session.health, &$0) }
        for await health in changes { isLost.withLock { judge(health, &$0) } }
    }

    /// A stream can become lost without a change of state: when its reading thread hangs.
    private func lookAgain() async {
        while (try? await monotonic.sleep(for: .seconds(1))) != nil {
            isLost.withLock { judge(session.health, &$0) }
        }
    }

    private func judge(_ health: CameraHealth, _ isLost: inout Bool) {
        switch health.state {
        case .lost where !isLost:
            isLost = true
            post(
                .cameraLost(
                    reason: health.lastFailure ?? "It sends nothing.", since: health.lastPacketAt ?? startedAt))
        case .live where isLost:
            isLost = false
            post(.cameraBack)
        case .lost, .live, .connecting, .stopped: break
        }
    }
}
