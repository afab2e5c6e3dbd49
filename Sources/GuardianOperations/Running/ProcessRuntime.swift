import Foundation
import GuardianCore
import Logging
import ServiceLifecycle

/// Runs a process's services until it is told to end.
public enum ProcessRuntime {
    /// Runs the services in one group. SIGTERM and SIGINT shut them down gracefully in reverse order. A service that
    /// has not ended after 6 seconds is cancelled, and one that ignores the cancellation is abandoned, so that the
    /// process ends within 10 seconds.
    public static func run(_ services: [any Service], logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(
            services: services + [ForcedExit(logger: logger)], gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(6)
        try await ServiceGroup(configuration: configuration).run()
    }
}

/// Exits the process when its shutdown takes too long. Nothing is lost, because durable data is committed when it is
/// written, not at shutdown. (The group's own limit ends in a trap, whose backtrace takes longer than everything else.)
private struct ForcedExit: Service {
    /// Seconds.
    private static let timeLimit = 9.0

    let logger: Logger

    /// Starts the timer when the shutdown begins: the group tells its last service first.
    func run() async throws {
        do { try await gracefulShutdown() } catch { return }
        let logger = logger
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.timeLimit) {
            logger.warning("shutdown timed out, exiting")
            _exit(1)
        }
    }
}
