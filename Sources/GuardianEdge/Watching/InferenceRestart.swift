import GuardianCore
import Logging
import ServiceLifecycle

/// Restarts an AI service that is the edge's child and stays down: one that is frozen or hangs does not end, so that nobody
/// would start it again, and one that could not load its model does not try again by itself.
package struct InferenceRestart: Service {
    /// How long it may be down: longer than a service takes that was just restarted.
    package static let patience: Duration = .seconds(30)

    private let link: InferenceLink
    private let monotonic: any MonotonicClock
    private let logger: Logger
    private let restart: @Sendable () -> Void

    package init(
        link: InferenceLink, monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger,
        restart: @escaping @Sendable () -> Void
    ) {
        self.link = link
        self.monotonic = monotonic
        self.logger = logger
        self.restart = restart
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var downSince: ContinuousClock.Instant?
            while (try? await self.monotonic.sleep(for: .seconds(1))) != nil {
                let (now, health) = (self.monotonic.now(), self.link.health)
                guard health.state == .down, let since = downSince else {
                    downSince = health.state == .down ? now : nil
                    continue
                }
                guard since.duration(to: now) >= Self.patience else { continue }
                downSince = now
                self.logger.warning("AI service stays down, restarting", metadata: ["reason": "\(health.reason ?? "")"])
                self.restart()
            }
        }
    }
}
