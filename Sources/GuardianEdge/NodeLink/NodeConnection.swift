import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianJournal
import GuardianOperations
import Logging
import Synchronization

/// Keeps a connection to the node open, and hands it out to those who make calls. It is replaced as soon as its users give it
/// up: after an outage a new connection works sooner than an old one, because TCP doubles its retransmission time-out with
/// each attempt. A connection that was given up is handed to nobody.
package final class NodeConnection: Sendable {
    package typealias Client = GRPCClient<HTTP2ClientTransport.Posix>

    private enum Phase {
        /// No connection is kept.
        case none
        /// The current one was given up; the next one is about to be opened.
        case givenUp
        case opening
        case open(Client)
        case failed(any Error)
    }

    private struct State {
        var number: Int64 = 0
        var phase = Phase.none
        var repliedAt: ContinuousClock.Instant?
        /// Connections in a row that failed.
        var failures = 0

        var client: Client? { if case .open(let client) = phase { client } else { nil } }
        var current: (client: Client, number: Int64)? { client.map { ($0, number) } }
        /// Whether a connection is about to be open.
        var isExpected: Bool {
            switch phase {
            case .opening, .givenUp: true
            case .none, .open, .failed: false
            }
        }
    }

    private let target: NodeTarget
    private let backoff: Backoff?
    private let monotonic: any MonotonicClock
    private let logger: Logger
    private let state = Mutex(State())
    /// Rises when a connection is open or has failed.
    private let settled = Watermark(0)
    /// Connections up to this number are given up.
    private let abandoned = Watermark(0)
    /// Rises when the node is known to be reachable: a delayed retry may start at once.
    let retryHints = Watermark(0)

    /// - Parameter backoff: delays after a connection that failed as a whole, for example because the credentials cannot be
    ///   read; `nil`: such a failure ends `run`. A node that cannot be reached is no such failure: gRPC retries by itself.
    package init(
        _ target: NodeTarget, backoff: Backoff?, monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) {
        self.target = target
        self.backoff = backoff
        self.monotonic = monotonic
        self.logger = logger
    }

    /// Keeps one connection open until it is cancelled.
    ///
    /// - Parameter welcomes: rises when the journal's delivery has connected to the node.
    /// - Throws: `CancellationError`; without `backoff` also why the connection failed.
    package func run(welcomes: Watermark? = nil) async throws {
        defer { state.withLock { $0.phase = .none } }
        try await withThrowingDiscardingTaskGroup { group in
            if let welcomes { group.addTask { try? await self.follow(welcomes) } }
            while true {
                let number = state.withLock { state in
                    state.number += 1
                    (state.phase, state.repliedAt) = (.opening, nil)
                    return state.number
                }
                group.addTask { await self.keep(number) }
                try await abandoned.wait(beyond: number - 1)
                if backoff == nil, let failure = failure(of: number) { throw failure }
            }
        }
    }

    private func keep(_ number: Int64) async {
        do {
            try await NodeClient.run(target, logger: logger) { [self] client in
                state.withLock { state in
                    // It may have been given up before it was open.
                    if state.number == number, case .opening = state.phase { state.phase = .open(client) }
                    if state.number == number { state.failures = 0 }
                }
                settled.increment()
                try await abandoned.wait(beyond: number - 1)
            }
        } catch {
            if Task.isCancelled { return }
            await retry(number, after: error)
        }
    }

    /// Notes that a connection failed, and has it replaced: at once without `backoff`, otherwise after a delay.
    private func retry(_ number: Int64, after error: any Error) async {
        let failures = state.withLock { state -> Int? in
            guard state.number == number, abandoned.value < number else { return nil }
            state.phase = .failed(error)
            state.failures += 1
            return state.failures
        }
        guard let failures else { return }
        settled.increment()
        if let backoff {
            if failures == 1 {
                logger.error("connecting the archive failed, retrying", metadata: ["reason": "\(error)"])
            }
            try? await monotonic.sleep(for: backoff.delay(after: failures))
        }
        abandoned.advance(to: number)
    }

    private func follow(_ welcomes: Watermark) async throws {
        var seen = welcomes.value
        while true {
            try await welcomes.wait(beyond: seen)
            seen = welcomes.value
            // A connection that is not established yet may be in a long back-off: replace it.
            abandon(state.withLock(\.number)) { $0 == nil }
            retryHints.increment()
        }
    }

    /// Ends a connection if it is still the current one. It is handed out no more from here on, so that a caller that retries
    /// at once gets the next one.
    ///
    /// - Parameter condition: whether to end it, given the time of the node's last reply on it.
    private func abandon(_ number: Int64, where condition: (ContinuousClock.Instant?) -> Bool) {
        let isAbandoned = state.withLock { state in
            guard state.number == number, abandoned.value < number, condition(state.repliedAt) else { return false }
            state.phase = .givenUp
            return true
        }
        if isAbandoned { abandoned.advance(to: number) }
    }

    private func failure(of number: Int64) -> (any Error)? {
        state.withLock { state in
            guard state.number == number, case .failed(let error) = state.phase else { return nil }
            return error
        }
    }

    // MARK: Users

    /// Returns the current connection and its number; waits until there is one.
    package func current() async throws -> (client: Client, number: Int64) {
        while true {
            let seen = settled.value
            if let current = state.withLock(\.current) { return current }
            try await settled.wait(beyond: seen)
        }
    }

    /// Returns the current connection and its number; waits for the first one and for one that replaces another, but not
    /// for one that has failed.
    ///
    /// - Returns: `nil` when there is none in time.
    func current(within limit: Duration) async throws -> (client: Client, number: Int64)? {
        let seen = settled.value
        let (current, isExpected) = state.withLock { ($0.current, $0.isExpected) }
        if let current { return current }
        guard isExpected || seen == 0 else { return nil }
        try await settled.wait(beyond: seen, atMost: limit, monotonic: monotonic)
        return state.withLock(\.current)
    }

    /// Notes that the node has replied on this connection.
    func noteReply(_ number: Int64) {
        state.withLock { if $0.number == number { $0.repliedAt = monotonic.now() } }
    }

    /// Gives a connection up if the node has not replied on it for `silence`, on any stream.
    package func abandonIfSilent(_ number: Int64, for silence: Duration) {
        abandon(number) { repliedAt in repliedAt.map { monotonic.elapsed(since: $0) >= silence } ?? true }
    }

    /// Waits until this connection is given up: streams on it get no more replies.
    package func end(of number: Int64) async throws {
        try await abandoned.wait(beyond: number - 1)
    }
}
