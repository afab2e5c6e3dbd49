import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianJournal
import GuardianWire
import Logging
import Synchronization

/// The archive's connection to the node. It is replaced as soon as the node is silent for too long: after an outage a new
/// connection works sooner than an old one, because TCP doubles its retransmission time-out with each attempt.
package final class NodeConnection: Sendable {
    package typealias Client = Guardian_V1_ArchiveService.Client<HTTP2ClientTransport.Posix>

    private struct State {
        var number: Int64 = 0
        var client: Client?
        var repliedAt: ContinuousClock.Instant?
        /// Abandoned, possibly before it was open.
        var isAbandoned = false
    }

    private struct Abandoned: Error {}

    private let settings: ArchiveSettings
    private let monotonic: any MonotonicClock
    private let logger: Logger
    private let state = Mutex(State())
    private let opened = Watermark(0)
    /// Connections up to this number are abandoned.
    private let abandoned = Watermark(0)
    /// Rises when the node is known to be reachable: a delayed retry may start at once.
    let retryHints = Watermark(0)

    package init(
        _ settings: ArchiveSettings, monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) {
        self.settings = settings
        self.monotonic = monotonic
        self.logger = logger
    }

    /// Keeps one connection open until it is cancelled.
    ///
    /// - Parameter welcomes: rises when the journal's delivery has connected to the node.
    package func run(welcomes: Watermark?) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            if let welcomes { group.addTask { try await self.follow(welcomes) } }
            while true {
                let number = state.withLock { state in
                    state = State(number: state.number + 1)
                    return state.number
                }
                group.addTask { try await self.keep(number) }
                try await abandoned.wait(beyond: number - 1)
            }
        }
    }

    private func keep(_ number: Int64) async throws {
        do {
            try await NodeClient.run(
                host: settings.host, port: settings.port, credentials: settings.credentials, logger: logger
            ) { [self] client in
                state.withLock { state in
                    if state.number == number, !state.isAbandoned { state.client = Client(wrapping: client) }
                }
                opened.advance(to: number)
                try await abandoned.wait(beyond: number - 1)
                throw Abandoned()
            }
        } catch is Abandoned {
        } catch is CancellationError {
        } catch {
            logger.error("connecting the archive failed, retrying", metadata: ["reason": "\(error)"])
            try await monotonic.sleep(for: .seconds(1))
            abandon(number) { _ in true }
        }
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

    /// Ends a connection if it is still the current one. `current` does not return it from here on, so that a caller that
    /// retries at once gets the next one.
    ///
    /// - Parameter condition: whether to end it, given the time of the node's last reply on it.
    private func abandon(_ number: Int64, where condition: (ContinuousClock.Instant?) -> Bool) {
        let isAbandoned = state.withLock { state in
            guard state.number == number, !state.isAbandoned, condition(state.repliedAt) else { return false }
            state.client = nil
            state.isAbandoned = true
            return true
        }
        if isAbandoned { abandoned.advance(to: number) }
    }

    /// Returns the current connection and its number; waits until there is one.
    package func current() async throws -> (client: Client, number: Int64) {
        while true {
            let seen = opened.value
            if let current = state.withLock({ state in state.client.map { ($0, state.number) } }) { return current }
            try await opened.wait(beyond: seen)
        }
    }

    /// Notes that the node has replied on this connection.
    func noteReply(_ number: Int64) {
        state.withLock { if $0.number == number { $0.repliedAt = monotonic.now() } }
    }

    /// Abandons a connection if the node has not replied on it for `silence`, on any stream.
    package func abandonIfSilent(_ number: Int64, for silence: Duration) {
        abandon(number) { repliedAt in repliedAt.map { monotonic.elapsed(since: $0) >= silence } ?? true }
    }

    /// Waits until this connection is abandoned: streams on it get no more replies.
    package func end(of number: Int64) async throws {
        try await abandoned.wait(beyond: number - 1)
    }
}
