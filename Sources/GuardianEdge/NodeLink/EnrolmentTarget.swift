import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianWire

/// Where a node answers edges that have no certificate yet, and by what the edge knows that node.
package struct EnrolmentTarget: Sendable {
    package let host: String
    package let port: Int
    package let pin: AuthorityPin

    package init(host: String, port: Int, pin: AuthorityPin) {
        (self.host, self.port, self.pin) = (host, port, pin)
    }

    /// Reads an address as people write it: `https://node.example:9444`, `node.example`.
    ///
    /// - Throws: `invalidArgument` for anything else; there is no way to ask without encryption.
    package init(_ text: String, pin: AuthorityPin) throws {
        var rest = Substring(text)
        if let scheme = rest.range(of: "://") {
            guard rest[..<scheme.lowerBound].lowercased() == "https" else { throw Self.refusal(text) }
            rest = rest[scheme.upperBound...]
        }
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        let whole = rest.contains(":") ? String(rest) : "\(rest):\(EnrolmentLimits.port)"
        guard let address = HostAndPort(whole), !address.host.contains(where: { "@?#:".contains($0) }) else {
            throw Self.refusal(text)
        }
        self.init(host: address.host.lowercased(), port: address.port, pin: pin)
    }

    /// `https://HOST:PORT`, as it can be read again.
    package var address: String { "https://\(HostAndPort(host: host, port: port).text)" }

    private static func refusal(_ text: String) -> GuardianError {
        GuardianError(
            .invalidArgument,
            "\(PeerText.bounded(text, to: 100)) is no node's address: write https://HOST:PORT, such as "
                + "https://node.example:\(EnrolmentLimits.port).")
    }

    /// Makes a transport that believes only a server which proves that it is this node.
    func transport() throws -> (HTTP2ClientTransport.Posix, PinnedAuthority) {
        let (security, authority) = EnrolmentSecurity.client(pinned: pin, host: host)
        let target: any ResolvableTarget =
            IPAddress(host)?.bytes.count == 4 ? .ipv4(address: host, port: port) : .dns(host: host, port: port)
        let transport = try HTTP2ClientTransport.Posix(
            target: target, transportSecurity: security,
            config: .defaults { config in
                config.backoff.initial = .milliseconds(100)
                config.backoff.max = .seconds(1)
            })
        return (transport, authority)
    }
}
