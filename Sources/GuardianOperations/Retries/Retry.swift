import GuardianCore

/// Retries work after transient failures. This is the only place where the platform retries.
public struct Retry: Sendable {
    public var backoff: Backoff
    /// No attempt begins later than this after the first one.
    public var deadline: Duration
    /// The maximum number of attempts.
    public var attempts: Int

    public init(backoff: Backoff = Backoff(), deadline: Duration = .seconds(30), attempts: Int = .max) {
        self.backoff = backoff
        self.deadline = deadline
        self.attempts = max(1, attempts)
    }

    /// Runs `body` until it succeeds, fails permanently, or the deadline would pass before the next attempt.
    ///
    /// - Throws: the last failure of `body` as it was; `CancellationError` when the task is cancelled while waiting.
    public func run<Value>(
        monotonic: any MonotonicClock = SystemMonotonicClock(),
        isolation: isolated (any Actor)? = #isolation,
        when isRetryable: (any Error) -> Bool = { ($0 as? GuardianError)?.isRetryable ?? false },
        _ body: (_ attempt: Int) async throws -> Value
    ) async throws -> Value {
        let end = monotonic.now().advanced(by: deadline)
        var attempt = 1
        while true {
            do {
                return try await body(attempt)
            } catch {
                guard attempt < attempts, isRetryable(error) else { throw error }
                let next = monotonic.now().advanced(by: backoff.delay(after: attempt))
                guard next < end else { throw error }
                try await monotonic.sleep(until: next)
                attempt += 1
            }
        }
    }
}
