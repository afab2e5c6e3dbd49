import GuardianCore
import Logging
import ServiceLifecycle

/// Runs a process' long-lived work until it is told to end.
public enum ProcessRuntime {
    /// Runs the services in one group: SIGTERM and SIGINT end them gracefully in reverse order; what is not done after
    /// 8 seconds is cancelled, so that the process is gone within 10.
    public static func run(_ services: [any Service], logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(6)
        configuration.maximumCancellationDuration = .seconds(2)
        try await ServiceGroup(configuration: configuration).run()
    }
}
