import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianOperations
import GuardianWire
import Logging
import ServiceLifecycle

/// The node's gRPC server: mutual TLS, identity from the certificate alone.
public final class NodeRPCServer: Service {
    private let server: GRPCServer<HTTP2ServerTransport.Posix>
    private let address: NodeAddress

    /// - Parameters:
    ///   - address: where to listen; port 0 lets the system choose.
    ///   - credentials: the node's certificate and key, and the authority that signed the edges' certificates.
    ///   - helloTimeout: how long a new stream may take to send its hello.
    /// - Throws: what `CredentialFiles` throws.
    public init(
        address: NodeAddress, credentials: CredentialFiles, tenants: Tenants, metrics: MetricsRegistry,
        logger: Logger, helloTimeout: Duration = .seconds(10),
        monotonic: any MonotonicClock = SystemMonotonicClock()
    ) throws {
        self.address = address
        let transport = HTTP2ServerTransport.Posix(
            address: .ipv4(host: address.host, port: address.port),
            transportSecurity: try credentials.serverSecurity(),
            config: .defaults { config in
                config.rpc.maxRequestPayloadSize = WireLimits.message
                // Each part of a clip that is being sealed has a stream of its own.
                config.http2.maxConcurrentStreams = 128
                // HTTP/2's default window of 64 KiB would make a backlog wait for acknowledgements.
                config.http2.targetWindowSize = WireLimits.window
                config.http2.maxFrameSize = WireLimits.frame
                // An edge whose connection is dead must not count as connected.
                config.connection.keepalive.time = .seconds(20)
                config.connection.keepalive.timeout = .seconds(10)
                config.connection.keepalive.clientBehavior.minPingIntervalWithoutCalls = .seconds(5)
                config.connection.keepalive.clientBehavior.allowWithoutCalls = true
            })
        server = GRPCServer(
            transport: transport,
            services: [
                JournalReception(
                    tenants: tenants, metrics: ReceptionMetrics(metrics), logger: logger,
                    helloTimeout: helloTimeout, monotonic: monotonic),
                ArchiveReception(tenants: tenants, logger: logger),
            ])
    }

    public func run() async throws {
        do {
            try await withGracefulShutdownHandler {
                try await server.serve()
            } onGracefulShutdown: {
                self.server.beginGracefulShutdown()
            }
        } catch let error as RuntimeError where error.code == .transportError {
            throw GuardianError(
                .failedPrecondition,
                "The node cannot listen on \(address.host):\(address.port); stop what uses that port, or set another grpc.port.",
                cause: error)
        }
    }

    /// Waits until the server listens, and returns its port.
    ///
    /// - Throws: an error when the server has ended before.
    public func port() async throws -> Int {
        guard let port = try await server.listeningAddress?.ipv4?.port else {
            throw GuardianError(.unavailable, "The node's gRPC server is not listening.")
        }
        return port
    }
}

/// An IPv4 address and a port.
public struct NodeAddress: Hashable, Sendable {
    public let host: String
    public let port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}
