/// The source of monotonic time, by which durations are measured and waits end. Tests replace it.
///
/// Its instants are those of `ContinuousClock`: setting the system's clock does not change them.
public protocol MonotonicClock: Sendable {
    func now() -> ContinuousClock.Instant

    /// Waits until the clock has reached `instant`; returns at once if it already has.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    func sleep(until instant: ContinuousClock.Instant) async throws
}

extension MonotonicClock {
    /// Waits for a duration.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    public func sleep(for duration: Duration) async throws {
        try await sleep(until: now().advanced(by: duration))
    }

    /// Returns the time since `instant`.
    public func elapsed(since instant: ContinuousClock.Instant) -> Duration { instant.duration(to: now()) }
}

/// The machine's monotonic clock.
public struct SystemMonotonicClock: MonotonicClock {
    public init() {}

    public func now() -> ContinuousClock.Instant { .now }

    public func sleep(until instant: ContinuousClock.Instant) async throws {
        try await Task.sleep(until: instant, clock: .continuous)
    }
}
