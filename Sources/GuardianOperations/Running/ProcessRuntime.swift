import Foundation
import GuardianCore
import Logging
import ServiceLifecycle

/// Runs a process's services until it is told to end.
public enum ProcessRuntime {
    /// Runs the services in one group. SIGTERM and SIGINT, and a request to start again, shut them down gracefully in reverse
    /// order. A service that has not ended after 6 seconds is cancelled, and one that ignores the cancellation is abandoned, so
    /// that the process ends within 10 seconds, or starts again.
    ///
    /// - Parameters:
    ///   - ending: asks for the end to start again, and says afterwards whether that is to happen.
    ///   - isWholeProcess: whether signals end the services, and the process exits when that takes too long. Not in tests.
    ///   - isWorking: asked several times in the time that a service manager gives a process that makes no progress.
    public static func run(
        _ services: [any Service], ending: ProcessEnding = ProcessEnding(), isWholeProcess: Bool = true,
        isWorking: @escaping @Sendable () -> Bool = { true }, logger: Logger
    ) async throws {
        var services = services
        if isWholeProcess {
            if let manager = ServiceManager(isWorking: isWorking, logger: logger) { services.append(manager) }
            services.append(ForcedExit(ending: ending, logger: logger))
        }
        var configuration = ServiceGroupConfiguration(
            services: services,
            gracefulShutdownSignals: isWholeProcess ? [.sigterm, .sigint] : [], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(6)
        let group = ServiceGroup(configuration: configuration)
        if isWholeProcess { ending.noteSignals() }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                for await _ in ending.requests { await group.triggerGracefulShutdown() }
            }
            defer { tasks.cancelAll() }
            try await group.run()
        }
    }
}

/// Exits the process, or starts it again, when its shutdown takes too long. Nothing is lost, because durable data is committed when it is
/// written, not at shutdown. (The group's own limit ends in a trap, whose backtrace takes longer than everything else.)
private struct ForcedExit: Service {
    /// Seconds.
    private static let timeLimit = 9.0

    let ending: ProcessEnding
    let logger: Logger

    /// Starts the timer when the shutdown begins: the group tells its last service first.
    func run() async throws {
        do { try await gracefulShutdown() } catch { return }
        let (ending, logger) = (ending, logger)
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.timeLimit) {
            guard ending.mustStartAgain else {
                logger.warning("shutdown timed out, exiting")
                _exit(1)
            }
            logger.warning("shutdown timed out, starting again")
            OwnProgram.startAgain()
            _exit(OwnProgram.mayStartAgain)
        }
    }
}
