import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianWire
import ServiceLifecycle

/// The node's server for edges that have no certificate yet. It has nothing but `EnrolmentService`, and a port of its own, so that the
/// other one answers nobody without a certificate.
package final class EnrolmentServer: Service {
    private let listener: RPCListener

    /// - Parameters:
    ///   - address: where to listen; port 0 lets the system choose.
    ///   - authority: issues this server's certificate too.
    ///   - names: the names and addresses by which edges reach the node.
    package init(
        address: NodeAddress, responder: EnrolmentResponder, authority: CertificateAuthority, names: [String],
        node: EnrolledConnection
    ) throws {
        let transport = HTTP2ServerTransport.Posix(
            address: .ipv4(host: address.host, port: address.port),
            transportSecurity: EnrolmentSecurity.server(
                try authority.issueNode(hosts: names), authorityPEM: try authority.certificatePEM()),
            config: .defaults { config in
                // Whoever calls is a stranger: little at once, and not for long.
                config.rpc.maxRequestPayloadSize = EnrolmentLimits.message
                config.http2.maxConcurrentStreams = 4
                config.connection.maxIdleTime = .seconds(20)
                config.connection.maxAge = .seconds(60)
                config.connection.maxGraceTime = .seconds(10)
            })
        listener = RPCListener(
            GRPCServer(transport: transport, services: [EnrolmentReception(responder: responder, node: node)]),
            address: address,
            key: "enrolment.port")
    }

    package func run() async throws { try await listener.run() }

    /// Waits until the server listens, and returns its port.
    package func port() async throws -> Int { try await listener.port() }
}
