import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import ServiceLifecycle

/// Runs a gRPC server on a port until its process shuts down.
final class RPCListener: Sendable {
    private let server: GRPCServer<HTTP2ServerTransport.Posix>
    private let address: NodeAddress
    private let key: String

    /// - Parameter key: the configuration's key of the port, for the error when it is taken.
    init(_ server: GRPCServer<HTTP2ServerTransport.Posix>, address: NodeAddress, key: String) {
        self.server = server
        self.address = address
        self.key = key
    }

    func run() async throws {
        do {
            try await withGracefulShutdownHandler {
                try await server.serve()
            } onGracefulShutdown: {
                self.server.beginGracefulShutdown()
            }
        } catch let error as RuntimeError where error.code == .transportError {
            throw GuardianError(
                .failedPrecondition,
                "The node cannot listen on \(address.host):\(address.port); stop what uses that port, or set another \(key).",
                cause: error)
        }
    }

    /// Waits until the server listens, and returns its port.
    ///
    /// - Throws: an error when the server has ended before.
    func port() async throws -> Int {
        guard let port = try await server.listeningAddress?.ipv4?.port else {
            throw GuardianError(.unavailable, "The node's gRPC server is not listening.")
        }
        return port
    }
}
