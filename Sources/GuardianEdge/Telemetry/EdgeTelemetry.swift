import Foundation
import GuardianCore
import GuardianHTTP
import GuardianOperations
import GuardianTelemetry
import Logging
import ServiceLifecycle
import Synchronization

/// The edge's telemetry: measures every ten seconds, and keeps what was measured in a file of its own.
package final class EdgeTelemetry: Sendable {
    package let file: TelemetryFile
    private let folder: String
    private let space: @Sendable (String) throws -> DiskSpace
    private let device: Hash256
    private let hasNode: Bool
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let logger: Logger
    private let lastSample: Mutex<ContinuousClock.Instant>
    private let dropped: Counter

    /// The component's name.
    static let component = "telemetry"
    /// Without a sample for so long, the owner is told.
    private static let patience: Duration = .seconds(60)

    /// - Parameter space: reads the space of a folder's disk; replaceable for tests.
    package init(
        path: String, device: Hash256, hasNode: Bool, metrics: MetricsRegistry, clock: any WallClock,
        monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger,
        space: @escaping @Sendable (String) throws -> DiskSpace = { try DiskSpace(of: $0) }
    ) {
        folder = URL(filePath: path).deletingLastPathComponent().path
        self.space = space
        file = TelemetryFile(path: path, clock: clock, logger: logger)
        self.device = device
        self.hasNode = hasNode
        self.clock = clock
        self.monotonic = monotonic
        self.logger = logger
        lastSample = Mutex(monotonic.now())
        dropped = metrics.counter(
            "guardian_telemetry_dropped_total", help: "Samples that the node did not get, because a day of them waited."
        )
        let age = metrics.gauge(
            "guardian_telemetry_age_seconds", help: "Since telemetry was last measured and written.")
        metrics.beforeExposition { [self] in age.set(self.age / .seconds(1)) }
    }

    /// Since the last sample was written, or since the start.
    private var age: Duration { lastSample.withLock { monotonic.elapsed(since: $0) } }

    /// That nothing is measured any more, although no component says why.
    package var problems: [FindingView] {
        guard age > Self.patience else { return [] }
        return [
            FindingView(
                what: "Nothing has been measured since \((clock.now() + -age.milliseconds).rfc3339).",
                where: "telemetry",
                severity: .warning,
                remedy:
                    "Recording goes on. Check that the disk of the state folder has room and works; else restart the recorder."
            )
        ]
    }

    /// The last room of the disk is for events. A disk whose space cannot be read counts as one with room.
    private func checkRoom() throws {
        guard let free = try? space(folder).free, free < StateRoom.pictures else { return }
        throw GuardianError(
            .resourceExhausted,
            "The disk of the state folder is almost full: measurements are not kept, so that events can be.")
    }

    /// Measures until it is cancelled.
    ///
    /// - Throws: why the file cannot be written; `resourceExhausted` when its disk is almost full.
    package func run(
        status: @Sendable () async throws -> StatusView,
        counts: @Sendable () -> [CameraID: TelemetrySampler.CameraCounts]
    ) async throws {
        var sampler = TelemetrySampler()
        var next = monotonic.now()
        while !Task.isCancelled {
            let sample = sampler.sample(at: clock.now(), status: try? await status(), counts: counts())
            try checkRoom()
            let lost = try await TelemetryQueue(file.store()).record(sample, from: device, waits: hasNode)
            lastSample.withLock { $0 = monotonic.now() }
            if lost > 0 { dropped.increment(by: lost) }
            // What measuring takes must not add up: each sample stands for as much time as lies between two of them.
            next = max(next + TelemetryLimits.interval, monotonic.now())
            try? await monotonic.sleep(until: next)
        }
    }
}

/// Runs the telemetry's measuring as a component that may fail.
struct TelemetryMeasuring: Service {
    let telemetry: EdgeTelemetry
    let status: @Sendable () async throws -> StatusView
    let counts: @Sendable () -> [CameraID: TelemetrySampler.CameraCounts]

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await telemetry.run(status: status, counts: counts) }
    }
}

/// Closes the telemetry's file. One of the first services to start, and so one of the last to shut down.
struct TelemetryCloser: Service {
    let file: TelemetryFile

    func run() async throws {
        try? await gracefulShutdown()
        file.close()
    }
}
