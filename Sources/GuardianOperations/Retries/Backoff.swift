/// How long to wait before the next attempt: exponential with full jitter, so that many clients do not retry at once
/// (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
public struct Backoff: Sendable, Hashable {
    /// The longest wait before the second attempt.
    public var base: Duration
    /// The longest wait before any attempt.
    public var limit: Duration

    public init(base: Duration = .milliseconds(100), limit: Duration = .seconds(30)) {
        self.base = base
        self.limit = limit
    }

    /// Returns the longest wait after `attempt` failures in a row (1 after the first): `base` doubled each time, up to
    /// `limit`.
    public func ceiling(after attempt: Int) -> Duration {
        let doublings = min(max(0, attempt - 1), 30)
        let wait = base * (1 << doublings)
        return min(wait, limit)
    }

    /// Returns a random wait between zero and the ceiling.
    public func delay(after attempt: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        ceiling(after: attempt) * Double.random(in: 0...1, using: &generator)
    }

    /// Returns a random wait between zero and the ceiling.
    public func delay(after attempt: Int) -> Duration {
        var generator = SystemRandomNumberGenerator()
        return delay(after: attempt, using: &generator)
    }
}
