import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import Logging

/// Runs a connection to the node for as long as it is used. All connections of the edge to its node are run here.
package enum NodeClient {
    /// Runs `body` with a client. Waits for the transport to close no longer than `patience`, so that one that hangs does not
    /// block the next connection.
    ///
    /// - Throws: errors of `body`, of reading the credentials and of the transport; `CancellationError`.
    package static func run<Value: Sendable>(
        _ target: NodeTarget, patience: Duration = BoundedRun.patience, logger: Logger,
        _ body: @escaping @Sendable (GRPCClient<HTTP2ClientTransport.Posix>) async throws -> Value
    ) async throws -> Value {
        try await run(try target.transport(), patience: patience, logger: logger, body)
    }

    /// The same over a transport that was made for one use.
    static func run<Value: Sendable>(
        _ transport: HTTP2ClientTransport.Posix, patience: Duration = BoundedRun.patience, logger: Logger,
        _ body: @escaping @Sendable (GRPCClient<HTTP2ClientTransport.Posix>) async throws -> Value
    ) async throws -> Value {
        try await BoundedRun.run(patience: patience) {
            logger.warning("connection to the node does not close, abandoned")
        } _: { outcome in
            try await withGRPCClient(transport: transport) { client in
                do { outcome.set(.success(try await body(client))) } catch {
                    outcome.set(.failure(error))
                    throw error
                }
            }
        }
    }
}
