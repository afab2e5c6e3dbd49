import GuardianCore
import ServiceLifecycle
import Synchronization

/// What the journal's coverage says of a camera's recording.
package enum CameraGap: Sendable, Hashable {
    case none, lost, paused
}

/// Posts `cameraLost` and `cameraBack` to the camera's events when the main stream's state changes. A gap begins at the
/// last packet, or at the start if there was none.
package final class CameraCoverage: Service {
    /// A pause of a second that takes longer means that the process did not run: no load delays all threads for so long.
    private static let longestSecond = Duration.seconds(10)

    private let session: CameraSession
    private let startedAt: Timestamp
    private let monotonic: any MonotonicClock
    private let post: @Sendable (CameraInput) -> Void
    private let current: Mutex<CameraGap>

    /// - Parameter gap: what the coverage says when this begins: an earlier station of the camera may have ended in a gap, which
    ///   ends with the first packet of this one.
    package init(
        session: CameraSession, startedAt: Timestamp, gap: CameraGap = .none,
        monotonic: any MonotonicClock = SystemMonotonicClock(), post: @escaping @Sendable (CameraInput) -> Void
    ) {
        current = Mutex(gap)
        self.session = session
        self.startedAt = startedAt
        self.monotonic = monotonic
        self.post = post
    }

    /// What the coverage says now.
    package var gap: CameraGap { current.withLock { $0 } }

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
        current.withLock { judge(session.health, &$0) }
        for await health in changes { current.withLock { judge(health, &$0) } }
    }

    /// A stream can become lost without a change of state: when its reading thread hangs, or when the whole process does not run
    /// for a while, because the machine sleeps or somebody stops it. In the second case packets may arrive again before anything
    /// else runs, and what the camera sent meanwhile is missing all the same.
    private func lookAgain() async {
        while true {
            let (began, lastPacket) = (monotonic.now(), session.health.lastPacketAt)
            guard (try? await monotonic.sleep(for: .seconds(1))) != nil else { return }
            let wasSuspended = monotonic.elapsed(since: began) > Self.longestSecond
            current.withLock { gap in
                if wasSuspended, gap == .none {
                    gap = .lost
                    post(
                        .cameraLost(
                            reason: "The recorder did not run: the machine slept, or the process was stopped.",
                            since: lastPacket ?? startedAt))
                }
                judge(session.health, &gap)
            }
        }
    }

    private func judge(_ health: CameraHealth, _ gap: inout CameraGap) {
        switch health.state {
        case .lost where gap != .lost:
            gap = .lost
            post(
                .cameraLost(
                    reason: health.lastFailure ?? "It sends nothing.", since: health.lastPacketAt ?? startedAt))
        case .live where gap != .none:
            gap = .none
            post(.cameraBack)
        case .lost, .live, .connecting, .stopped: break
        }
    }
}
