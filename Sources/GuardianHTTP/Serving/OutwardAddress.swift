import Foundation
import GuardianCore

/// The address from which this machine sends to hosts beyond its own networks.
enum OutwardAddress {
    /// `nil` without such a route. Nothing is sent: connecting a UDP socket only looks up the route.
    static func current() -> IPAddress? {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        // A port and an address that nobody has (RFC 863; RFC 5737, 3).
        address.sin_port = in_port_t(9).bigEndian
        address.sin_addr.s_addr = in_addr_t(0xC000_0201).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isFound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                connect(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
            }
        }
        return isFound ? withUnsafeBytes(of: address.sin_addr) { IPAddress(bytes: Array($0)) } : nil
    }
}
