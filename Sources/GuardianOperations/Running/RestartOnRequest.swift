import GuardianCore
import ServiceLifecycle

/// Starts the program again a moment after somebody asked for it, so that they get their answer first.
package final class RestartOnRequest: Service {
    /// An answer needs milliseconds; a slow phone gets a second.
    private static let pause: Duration = .seconds(1)

    private let requests: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let clock: any MonotonicClock
    private let startAgain: @Sendable () -> Void

    /// - Parameter startAgain: called once.
    package init(clock: any MonotonicClock = SystemMonotonicClock(), startAgain: @escaping @Sendable () -> Void) {
        (requests, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.clock = clock
        self.startAgain = startAgain
    }

    package func request() { continuation.yield() }

    package func run() async throws {
        let isRequested = await cancelWhenGracefulShutdown { [self] in
            for await _ in requests { return (try? await clock.sleep(for: Self.pause)) != nil }
            return false
        }
        if isRequested { startAgain() }
        try? await gracefulShutdown()
    }
}
