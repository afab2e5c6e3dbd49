import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianHTTP
import GuardianOperations
import GuardianTelemetry
import GuardianWire
import Logging
import ServiceLifecycle
import Synchronization

/// Sends waiting telemetry to the node, over a connection that is opened for it: it must not take part of the bandwidth of entries and
/// clips, and can wait.
package final class TelemetrySender: Service {
    /// Between two attempts.
    private static let interval: Duration = .seconds(30)
    private static let timeout: Duration = .seconds(20)
    /// A difference of the clocks that the owner is told. The node refuses telemetry beyond `TelemetryLimits.ahead`.
    private static let difference: Int64 = 60_000

    private let file: TelemetryFile
    private let node: NodeTarget
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let logger: Logger
    /// Milliseconds by which the edge's clock is ahead of the node's; `nil` before the first answer.
    private let ahead = Mutex<Int64?>(nil)

    package init(
        _ file: TelemetryFile, node: NodeTarget, clock: any WallClock,
        monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) {
        self.file = file
        self.node = node
        self.clock = clock
        self.monotonic = monotonic
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var failures = 0
            while !Task.isCancelled {
                do {
                    try await self.sendAll()
                    failures = 0
                } catch {
                    if Task.isCancelled { return }
                    failures += 1
                    if failures == 1 {
                        self.logger.warning(
                            "telemetry not sent, retrying", metadata: ["reason": "\(self.node.failure(error))"])
                    }
                }
                try? await self.monotonic.sleep(for: Self.interval)
            }
        }
    }

    /// Sends everything that waits.
    ///
    /// - Throws: what reading the file and calling the node throw.
    package func sendAll() async throws {
        let queue = TelemetryQueue(try file.store())
        guard try await queue.count() > 0 else { return }
        try await NodeClient.run(node, logger: logger) { [self] client in
            while !Task.isCancelled {
                let samples = try await queue.next()
                guard !samples.isEmpty else { return }
                try await send(samples, over: Guardian_V1_TelemetryService.Client(wrapping: client))
                try await queue.remove(samples)
            }
        }
    }

    private func send(
        _ samples: [TelemetrySample], over client: Guardian_V1_TelemetryService.Client<HTTP2ClientTransport.Posix>
    ) async throws {
        var options = CallOptions.defaults
        options.timeout = Self.timeout
        options.waitForReady = false
        let request = Guardian_V1_TelemetryReportRequest(samples)
        let reply = try await BoundedRun.nodeCall(logger: logger) { [options] in
            try await client.report(request, options: options)
        }
        if let time = Plausible.offset.checked(
            clock.now().milliseconds.subtractingReportingOverflow(reply.nodeTime).partialValue)
        {
            ahead.withLock { $0 = time }
        }
        if let first = reply.refused.first {
            logger.warning(
                "node refused telemetry",
                metadata: ["samples": "\(reply.refused.count)", "reason": "\(PeerText.bounded(first.reason))"])
        }
    }

    /// That the recorder's clock is not the node's.
    package var problems: [FindingView] {
        guard let ahead = ahead.withLock({ $0 }), abs(ahead) > Self.difference else { return [] }
        let seconds = abs(ahead) / 1000
        let time = seconds < 7_200 ? "\(seconds / 60) minutes" : "\(seconds / 3600) hours"
        return [
            FindingView(
                what: "This recorder's clock is \(time) \(ahead > 0 ? "ahead of" : "behind") its node's.",
                where: "node",
                severity: .warning,
                remedy: "Check the time of both machines; a service such as systemd-timesyncd or chrony keeps it right."
            )
        ]
    }
}
