import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianJournal
import GuardianWire
import Logging
import Synchronization

/// The archive's connection to the node, made anew as soon as nothing is heard on it any more: a line that hung goes on
/// sooner with a new one than with the old one, whose packets wait twice as long with each try.
package final class NodeConnection: Sendable {
    package typealias Client = Guardian_V1_ArchiveService.Client<HTTP2ClientTransport.Posix>

    private struct State {
        var number: Int64 = 0
        var client: Client?
        var heardAt: ContinuousClock.Instant?
        /// Given up, be it before it was open.
        var isOver = false
    }

    private struct Abandoned: Error {}

    private let settings: ArchiveSettings
    private let logger: Logger
    private let state = Mutex(State())
    private let opened = Watermark(0)
    /// Connections up to this number are over.
    private let abandoned = Watermark(0)
    /// Rises when the node was reached by somebody: what waits for its next try need not wait longer.
    let hints = Watermark(0)

    package init(_ settings: ArchiveSettings, logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    /// Keeps a connection for as long as it runs.
    ///
    /// - Parameter welcomes: rises when the journal's delivery has reached the node.
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
                    if state.number == number, !state.isOver { state.client = Client(wrapping: client) }
                }
                opened.advance(to: number)
                try await abandoned.wait(beyond: number - 1)
                throw Abandoned()
            }
        } catch is Abandoned {
        } catch is CancellationError {
        } catch {
            logger.error("the archive cannot connect", metadata: ["reason": "\(error)"])
            try await Task.sleep(for: .seconds(1))
            abandon(number) { _ in true }
        }
    }

    private func follow(_ welcomes: Watermark) async throws {
        var seen = welcomes.value
        while true {
            try await welcomes.wait(beyond: seen)
            seen = welcomes.value
            // One that still tries to connect may try at the wrong time.
            abandon(state.withLock(\.number)) { $0 == nil }
            hints.increment()
        }
    }

    /// Ends a connection if it still is the one there is. Nobody is handed it from here on: who is told to try again at
    /// once must not meet the old one.
    ///
    /// - Parameter condition: says so by when something was last heard on it.
    private func abandon(_ number: Int64, where condition: (ContinuousClock.Instant?) -> Bool) {
        let isOver = state.withLock { state in
            guard state.number == number, !state.isOver, condition(state.heardAt) else { return false }
            state.client = nil
            state.isOver = true
            return true
        }
        if isOver { abandoned.advance(to: number) }
    }

    /// The connection that there is, and its number.
    package func current() async throws -> (client: Client, number: Int64) {
        while true {
            let seen = opened.value
            if let current = state.withLock({ state in state.client.map { ($0, state.number) } }) { return current }
            try await opened.wait(beyond: seen)
        }
    }

    /// The node said something.
    func hear(_ number: Int64) {
        state.withLock { if $0.number == number { $0.heardAt = .now } }
    }

    /// Gives a connection up on which nothing was heard for so long, by any stream.
    package func doubt(_ number: Int64, silentFor silence: Duration) {
        abandon(number) { heardAt in heardAt.map { $0.duration(to: .now) >= silence } ?? true }
    }

    /// Returns when the connection of this number was given up: a stream that still waits on it waits for nothing.
    package func end(of number: Int64) async throws {
        try await abandoned.wait(beyond: number - 1)
    }
}
