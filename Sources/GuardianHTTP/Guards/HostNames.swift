import GuardianCore

/// The names by which a server may be addressed.
///
/// They protect from DNS rebinding, where an attacker's name resolves to this machine. A literal address needs no DNS, so every one is
/// allowed: a machine may have many, and tunnels and port forwarding bring others.
public struct HostNames: Sendable {
    private let names: Set<HostName>

    /// Those of this machine: `localhost`, `guardian.local`, its host name and that in `.local`.
    public static var ofThisMachine: HostNames { HostNames(machine: .current(), configured: []) }

    package init(machine: Machine, configured: [HostName]) {
        names = CertifiedNames(of: machine, configured: configured).names
    }

    /// Whether the text of a `Host` header or `:authority` addresses this server.
    package func contain(_ authority: String) -> Bool {
        switch Authority(authority)?.host {
        case .address: true
        case .name(let name): names.contains(name)
        case nil: false
        }
    }
}

/// A host and perhaps a port (RFC 3986, 3.2), as a request names its server.
package struct Authority: Hashable, Sendable {
    package enum Host: Hashable, Sendable {
        case name(HostName)
        case address(IPAddress)
    }

    package let host: Host
    package let port: UInt16?

    /// `nil` unless the text is a name, an IPv4 address or an IPv6 address in brackets, and perhaps a colon and a port. User
    /// information is refused, and so is a zone (RFC 6874), which browsers do not send.
    package init?(_ text: String) {
        let end =
            text.hasPrefix("[")
            ? text.firstIndex(of: "]").map { text.index(after: $0) } : (text.firstIndex(of: ":") ?? text.endIndex)
        guard let end else { return nil }
        let (host, rest) = (text[..<end], text[end...])
        if rest.isEmpty {
            port = nil
        } else {
            guard rest.hasPrefix(":"), rest.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = UInt16(rest.dropFirst())
            else { return nil }
            port = number
        }
        if host.hasPrefix("[") {
            guard let address = IPAddress(String(host.dropFirst().dropLast())), address.bytes.count == 16 else {
                return nil
            }
            self.host = .address(address)
        } else if let address = IPAddress(String(host)), address.bytes.count == 4 {
            self.host = .address(address)
        } else {
            guard let name = HostName(host) else { return nil }
            self.host = .name(name)
        }
    }
}
