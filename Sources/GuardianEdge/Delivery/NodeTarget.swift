import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianWire

/// Makes the transports with which the edge connects to the node.
enum NodeTarget {
    /// Makes a transport with mutual TLS that detects a dead connection within 15 s.
    ///
    /// - Throws: errors of reading the credentials.
    static func transport(
        host: String, port: Int, credentials: CredentialFiles
    ) throws -> HTTP2ClientTransport.Posix {
        try HTTP2ClientTransport.Posix(
            target: target(host, port),
            transportSecurity: try credentials.clientSecurity(),
            config: .defaults { config in
                config.connection.keepalive = .init(time: .seconds(10), timeout: .seconds(5), allowWithoutCalls: true)
                // The caller has its own, longer back-off.
                config.backoff.initial = .milliseconds(100)
                config.backoff.max = .seconds(1)
            })
    }

    private static func target(_ host: String, _ port: Int) -> any ResolvableTarget {
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let isAddress = labels.count == 4 && labels.allSatisfy { UInt8($0) != nil }
        return isAddress ? .ipv4(address: host, port: port) : .dns(host: host, port: port)
    }
}
