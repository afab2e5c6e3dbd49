import GuardianCore
import NIOCore

extension IPAddress {
    /// `nil` for an address that is no IP address, such as a path.
    init?(_ address: SocketAddress) {
        guard let text = address.ipAddress else { return nil }
        self.init(ofHost: text)
    }
}
