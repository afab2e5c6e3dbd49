import Foundation
import GuardianCore

/// The addresses at which people open a server's pages, as links name them: `https://192.168.1.20:8480`.
///
/// Literal addresses come before names, because every device in the network can open them and names need somebody who resolves them;
/// IPv4 before IPv6, because every network at home has it.
public struct PageAddresses: Sendable {
    /// The one that a device in the same network most likely reaches.
    public let first: String
    public let others: [String]

    public var all: [String] { [first] + others }

    /// Machines with containers have dozens of networks, of which a phone reaches one.
    package static let limit = 8

    /// Those of a server of this machine, as it is reached now.
    public init(of server: ListenAddress, tls: WebTLSConfiguration) {
        self.init(
            of: server, tls: tls, machine: .current(), outward: OutwardAddress.current(),
            isAnnounced: access("/run/avahi-daemon/socket", F_OK) == 0)
    }

    /// - Parameters:
    ///   - outward: the address from which the machine sends beyond its networks, which the phone's network most likely has too.
    ///   - isAnnounced: whether the machine's name in `.local` can be resolved, because an mDNS responder runs.
    package init(
        of server: ListenAddress, tls: WebTLSConfiguration, machine: Machine, outward: IPAddress?, isAnnounced: Bool
    ) {
        let local = server.isLoopback ? nil : machine.localName?.text
        var hosts: [String] = []
        if !server.isLoopback {
            let named = tls.names.map(\.text)
            let reached = Self.addresses(of: machine, for: server, outward: outward).map(\.uriHost)
            let announced = isAnnounced ? [local].compactMap(\.self) : []
            // An own certificate is for the owner's names, and browsers warn of everything else.
            hosts = tls.files == nil ? reached + announced + named : named + reached + announced
        }
        func page(_ host: String) -> String { "https://\(host):\(server.port)" }
        let best = hosts.first ?? local ?? "localhost"
        first = page(best)
        var seen: Set = [best]
        others = hosts.filter { seen.insert($0).inserted }.map(page)
    }

    private static func addresses(
        of machine: Machine, for server: ListenAddress, outward: IPAddress?
    ) -> [IPAddress] {
        // `nil` for an address with a zone, which a URL cannot have.
        guard server.isEveryInterface else { return [IPAddress(server.host)].compactMap(\.self) }
        let heard = machine.addresses.filter { server.host == "::" || $0.bytes.count == 4 }
        // Public addresses are not certified, and a house reaches its recorder by one of the others.
        let inside = heard.filter { $0.kind == .private }
        let usable = inside.isEmpty ? heard.filter { $0.kind == .public } : inside
        let sorted = usable.filter { $0.bytes.count == 4 } + usable.filter { $0.bytes.count == 16 }
        let best = sorted.filter { $0 == outward } + sorted.filter { $0 != outward }
        return Array(best.prefix(limit))
    }
}
