import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianHTTP
import GuardianOperations
import GuardianWire
import Logging
import ServiceLifecycle

/// The node's gRPC server: mutual TLS, identity from the certificate alone.
public final class NodeRPCServer: Service {
    private let listener: RPCListener

    /// Makes a server for the certificates of one authority, without enrolment.
    ///
    /// - Parameters:
    ///   - address: where to listen; port 0 lets the system choose.
    ///   - credentials: the node's certificate and key, and the authority that signed the edges' certificates.
    ///   - signer: signs requests for recordings.
    ///   - helloTimeout: how long a new stream may take to send its hello.
    /// - Throws: what `CredentialFiles` throws.
    public convenience init(
        address: NodeAddress, credentials: CredentialFiles, tenants: Tenants, signer: GrantSigner? = nil,
        metrics: MetricsRegistry, logger: Logger, helloTimeout: Duration = .seconds(10),
        monotonic: any MonotonicClock = SystemMonotonicClock()
    ) throws {
        self.init(
            address: address, security: try credentials.serverSecurity(), admission: ConfiguredAdmission(),
            tenants: tenants, signer: signer, metrics: metrics, logger: logger, helloTimeout: helloTimeout,
            monotonic: monotonic)
    }

    /// - Parameters:
    ///   - address: where to listen; port 0 lets the system choose.
    ///   - security: mutual TLS, with the authorities that sign edges' certificates.
    ///   - signer: signs requests for recordings; `nil`: none are passed on.
    ///   - admission: decides which devices with such a certificate may connect.
    ///   - helloTimeout: how long a new stream may take to send its hello.
    public init(
        address: NodeAddress, security: HTTP2ServerTransport.Posix.TransportSecurity, admission: any Admission,
        tenants: Tenants, signer: GrantSigner? = nil, metrics: MetricsRegistry, logger: Logger,
        helloTimeout: Duration = .seconds(10), monotonic: any MonotonicClock = SystemMonotonicClock()
    ) {
        let transport = HTTP2ServerTransport.Posix(
            address: .ipv4(host: address.host, port: address.port),
            transportSecurity: security,
            config: .defaults { config in
                config.rpc.maxRequestPayloadSize = WireLimits.message
                // Each part of a clip that is being sealed has a stream of its own.
                config.http2.maxConcurrentStreams = 128
                // HTTP/2's default window of 64 KiB would make a backlog wait for acknowledgements.
                config.http2.targetWindowSize = WireLimits.window
                config.http2.maxFrameSize = WireLimits.frame
                // Edges ask with pings whether the node is there. Whether an edge is there is told by its messages (`EdgePresence`).
                config.connection.keepalive.clientBehavior.minPingIntervalWithoutCalls = .seconds(5)
                config.connection.keepalive.clientBehavior.allowWithoutCalls = true
            })
        let server = GRPCServer(
            transport: transport,
            services: [
                JournalReception(
                    tenants: tenants, metrics: ReceptionMetrics(metrics), logger: logger,
                    helloTimeout: helloTimeout, monotonic: monotonic),
                ArchiveReception(tenants: tenants, logger: logger),
                ControlReception(
                    tenants: tenants, signer: signer, metrics: RelayMetrics(metrics), logger: logger,
                    monotonic: monotonic),
                TelemetryReception(tenants: tenants, metrics: TelemetryMetrics(metrics), logger: logger),
            ],
            interceptors: [AdmissionInterceptor(admission: admission, logger: logger)])
        listener = RPCListener(server, address: address, key: "grpc.port")
    }

    public func run() async throws { try await listener.run() }

    /// Waits until the server listens, and returns its port.
    ///
    /// - Throws: an error when the server has ended before.
    public func port() async throws -> Int { try await listener.port() }
}

/// An IPv4 address and a port.
public struct NodeAddress: Hashable, Sendable {
    public let host: String
    public let port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Where a server of the configuration listens.
    init(_ address: ListenAddress) {
        self.init(host: address.host == "localhost" ? "127.0.0.1" : address.host, port: address.port)
    }
}
