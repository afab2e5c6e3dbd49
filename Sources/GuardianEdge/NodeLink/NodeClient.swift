import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianJournal
import GuardianOperations
import Logging
import Synchronization

/// Runs a connection to the node for as long as it is used. All connections of the edge to its node are run here, so this is
/// the only place that can hang with a transport.
package enum NodeClient {
    /// Runs `body` with a client. Waits for the transport to close no longer than `patience`: a transport that hangs (seen with
    /// grpc-swift-nio-transport 2.9.2 when it was cancelled while a handshake failed) must not block the next connection.
    ///
    /// - Throws: errors of `body`, of reading the credentials and of the transport; `CancellationError`.
    package static func run<Value: Sendable>(
        _ target: NodeTarget, patience: Duration = .seconds(3), logger: Logger,
        _ body: @escaping @Sendable (GRPCClient<HTTP2ClientTransport.Posix>) async throws -> Value
    ) async throws -> Value {
        let transport = try target.transport()
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
            // Returns at once when this task is cancelled.
            try? await use.ended.wait(beyond: 0)
        } onCancel: {
            running.cancel()
        }
        // In a task of its own, because in a cancelled task the wait would end at once.
        await Task { try? await use.closed.wait(beyond: 0, atMost: patience) }.value
        if use.closed.value == 0 {
            running.cancel()
            logger.warning("connection to the node does not close, abandoned")
        }
        guard let outcome = use.outcome else { throw CancellationError() }
        return try outcome.get()
    }

    /// The outcome of `body` or of the transport: the first one counts.
    private final class Use<Value: Sendable>: Sendable {
        /// `ended` is above 0 once `outcome` is set; `closed` once the transport has closed too.
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
