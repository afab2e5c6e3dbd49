import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianJournal
import GuardianWire
import Logging
import Synchronization

/// A connection to the node for as long as somebody uses it.
package enum NodeClient {
    /// Runs `body` with a client, and waits for the transport's own end no longer than `patience`: one that hangs there
    /// (seen when grpc-swift-nio-transport 2.9.2 was cancelled while a handshake failed) must not keep the next connection
    /// from being made.
    ///
    /// - Throws: what `body`, reading the credentials or the transport throw; `CancellationError`.
    package static func run<Value: Sendable>(
        host: String, port: Int, credentials: CredentialFiles, patience: Duration = .seconds(3), logger: Logger,
        _ body: @escaping @Sendable (GRPCClient<HTTP2ClientTransport.Posix>) async throws -> Value
    ) async throws -> Value {
        let transport = try NodeTarget.transport(host: host, port: port, credentials: credentials)
        let use = Use<Value>()
        let running = Task {
            do {
                try await withGRPCClient(transport: transport) { client in
                    do { use.end(with: .success(try await body(client))) } catch {
                        use.end(with: .failure(error))
                        throw error
                    }
                }
            } catch { use.end(with: .failure(error)) }
            use.close()
        }
        await withTaskCancellationHandler {
            // Cancelled, it returns at once.
            try? await use.ended.wait(beyond: 0)
        } onCancel: {
            running.cancel()
        }
        // A task of its own: this one may be cancelled, and then waits for nothing.
        await Task { try? await use.closed.wait(beyond: 0, atMost: patience) }.value
        if use.closed.value == 0 {
            running.cancel()
            logger.warning("a connection to the node does not end; it is left alone")
        }
        guard let outcome = use.outcome else { throw CancellationError() }
        return try outcome.get()
    }

    /// What came of it; the first word counts.
    private final class Use<Value: Sendable>: Sendable {
        /// Above 0 once `outcome` is there, and once the transport has ended too.
        let ended = Watermark(0), closed = Watermark(0)
        private let first = Mutex<Result<Value, any Error>?>(nil)

        var outcome: Result<Value, any Error>? { first.withLock { $0 } }

        func end(with outcome: Result<Value, any Error>) {
            first.withLock { if $0 == nil { $0 = outcome } }
            ended.advance(to: 1)
        }

        func close() { closed.advance(to: 1) }
    }
}
