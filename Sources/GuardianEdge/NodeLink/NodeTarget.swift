import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianWire

/// Where the node is, and how the edge proves who it is. Makes the transports of all connections to the node.
public struct NodeTarget: Sendable {
    /// The node's name or address; its certificate must name it.
    public var host: String
    public var port: Int
    public var credentials: CredentialFiles

    public init(host: String, port: Int, credentials: CredentialFiles) {
        self.host = host
        self.port = port
        self.credentials = credentials
    }

    /// How long nothing arrives before the node is asked whether it is there, and how long it may take to answer. Together less than ten
    /// seconds, after which the owner is told. Nodes close a connection that asks more often than every five seconds.
    private static let (silence, patience) = (Duration.seconds(6), Duration.seconds(3))

    /// Makes a transport with mutual TLS that detects a dead connection within 9 s. Reads the credentials anew, so that
    /// replaced files are used by the next connection.
    ///
    /// - Throws: errors of reading the credentials.
    func transport() throws -> HTTP2ClientTransport.Posix {
        try HTTP2ClientTransport.Posix(
            target: address,
            transportSecurity: try credentials.clientSecurity(),
            config: .defaults { config in
                config.connection.keepalive = .init(
                    time: Self.silence, timeout: Self.patience, allowWithoutCalls: true)
                // The caller has its own, longer back-off.
                config.backoff.initial = .milliseconds(100)
                config.backoff.max = .seconds(1)
            })
    }

    private var address: any ResolvableTarget {
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let isAddress = labels.count == 4 && labels.allSatisfy { UInt8($0) != nil }
        return isAddress ? .ipv4(address: host, port: port) : .dns(host: host, port: port)
    }

    /// Returns the error of a failed call, with the node's name in its message.
    func failure(_ error: any Error) -> GuardianError { GuardianError.call(error, "The node \(host):\(port)") }
}
