import Foundation
import GuardianCore

/// The address on which a server listens.
public struct ListenAddress: Sendable, Hashable {
    /// A literal address, which may have a zone (`fe80::1%eth0`), or `localhost`.
    public let host: String
    /// 0 lets the system choose a port.
    public let port: Int

    /// - Throws: `invalid_argument` for a name other than `localhost`, because what it means is decided elsewhere, and for an
    ///   invalid port.
    public init(host: String, port: Int) throws {
        let bare = String(host.prefix { $0 != "%" })
        guard host == "localhost" || IPAddress(bare).map({ host == bare || $0.isLinkLocalIPv6 }) == true else {
            throw GuardianError(
                .invalidArgument,
                """
                A server listens on an address: 127.0.0.1 (this machine only), 0.0.0.0 or :: (every interface), or \
                that of one interface; \(host) is none.
                """)
        }
        guard (0...65535).contains(port) else {
            throw GuardianError(.invalidArgument, "A port is a number from 0 to 65535, and \(port) is not.")
        }
        self.host = host
        self.port = port
    }

    /// Whether it is every address of this machine.
    public var isEveryInterface: Bool { ["0.0.0.0", "::"].contains(host) }

    /// Whether only this machine reaches it.
    var isLoopback: Bool {
        guard let address = IPAddress(host) else { return host == "localhost" }
        return address.kind == .loopback
    }
}
