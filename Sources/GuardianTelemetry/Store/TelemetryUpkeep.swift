public import GuardianCore
public import Logging
public import ServiceLifecycle

/// Deletes telemetry whose time is over, a little at a time.
public struct TelemetryUpkeep: Service {
    private static let interval: Duration = .seconds(600)

    private let file: TelemetryFile
    private let monotonic: any MonotonicClock
    private let logger: Logger

    public init(_ file: TelemetryFile, monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger) {
        self.file = file
        self.monotonic = monotonic
        self.logger = logger
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await monotonic.sleep(for: Self.interval)) != nil {
                do { while try await file.store().expire() {} } catch {
                    if Task.isCancelled { return }
                    logger.warning("telemetry cannot be tidied", metadata: ["reason": "\(error)"])
                }
            }
        }
    }
}
