import Foundation
import GuardianCore
import Logging
import ServiceLifecycle

/// Runs a process' long-lived work until it is told to end.
public enum ProcessRuntime {
    /// Runs the services in one group: SIGTERM and SIGINT end them gracefully in reverse order; what is not done after
    /// 6 seconds is cancelled, and what does not heed that is left, so that the process is gone within 10.
    public static func run(_ services: [any Service], logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(
            services: services + [LastExit(logger: logger)], gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(6)
        try await ServiceGroup(configuration: configuration).run()
    }
}

/// Leaves the process when its end takes too long. Nothing is lost by that: what must last is committed when it is
/// written, not at the end. (The group's own limit ends in a trap, whose backtrace takes longer than all else.)
private struct LastExit: Service {
    /// Seconds.
    private static let patience = 9.0

    let logger: Logger

    /// The last service of the group is the first that is told.
    func run() async throws {
        do { try await gracefulShutdown() } catch { return }
        let logger = logger
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience) {
            logger.warning("the process does not end by itself; leaving it")
            _exit(1)
        }
    }
}
