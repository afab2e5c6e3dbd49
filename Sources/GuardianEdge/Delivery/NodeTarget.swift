import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianWire

/// How the edge's parts connect to the node.
enum NodeTarget {
    /// A transport of mutual TLS that notices a dead link within 15 s.
    ///
    /// - Throws: what reading the credentials throws.
    static func transport(
        host: String, port: Int, credentials: CredentialFiles
    ) throws -> HTTP2ClientTransport.Posix {
        try HTTP2ClientTransport.Posix(
            target: target(host, port),
            transportSecurity: try credentials.clientSecurity(),
            config: .defaults { config in
                config.connection.keepalive = .init(time: .seconds(10), timeout: .seconds(5), allowWithoutCalls: true)
                // A connection that fails is the caller's matter, with a backoff of its own.
                config.backoff.initial = .milliseconds(100)
                config.backoff.max = .seconds(1)
            })
    }

    private static func target(_ host: String, _ port: Int) -> any ResolvableTarget {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let isAddress = parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
        return isAddress ? .ipv4(address: host, port: port) : .dns(host: host, port: port)
    }
}
