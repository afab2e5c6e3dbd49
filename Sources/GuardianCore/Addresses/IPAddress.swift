import Foundation

/// An IPv4 or IPv6 address as its 4 or 16 bytes in network order.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// 4 for IPv4, 16 for IPv6.
    public let bytes: [UInt8]

    /// Reads a literal address as it is written: four decimal numbers, or what RFC 4291 (2.2) allows for IPv6. A zone (`%eth0`) is
    /// not part of an address, and such text is none.
    public init?(_ text: String) {
        // inet_pton reads up to the first NUL.
        guard text.utf8.count <= 45, !text.utf8.contains(0) else { return nil }
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            bytes = withUnsafeBytes(of: six) { Array($0) }
        } else {
            return nil
        }
    }

    /// Reads a literal address as a connection to it understands it: the zone of a link-local address (`%eth0`) is left out, and an
    /// IPv4 address in IPv6's notation (RFC 4291, 2.5.5.2) is one of IPv4.
    public init?(ofHost text: String) {
        guard let address = IPAddress(String(text.prefix { $0 != "%" })) else { return nil }
        self = address.unmapped
    }

    /// As `init(ofHost:)`, and IPv4 in all the forms that connections accept, such as `127.1` and `0x7f000001` (inet_aton(3)).
    public init?(ofHostInAnyForm text: String) {
        if let address = IPAddress(ofHost: text) {
            self = address
            return
        }
        // inet_aton ignores what follows a space.
        var four = in_addr()
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), inet_aton(text, &four) != 0 else { return nil }
        bytes = withUnsafeBytes(of: four) { Array($0) }
    }

    /// `nil` unless there are 4 or 16 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// The IPv4 address that this is in IPv6's notation (RFC 4291, 2.5.5.2), or else itself.
    public var unmapped: IPAddress {
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        guard bytes.count == 16, bytes.starts(with: mapped) else { return self }
        return IPAddress(bytes: Array(bytes.suffix(4))) ?? self
    }

    /// fe80::/10 (RFC 4291, 2.5.6).
    public var isLinkLocalIPv6: Bool { bytes.count == 16 && bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80 }

    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "?" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// As it stands in a URI (RFC 3986, 3.2.2).
    public var uriHost: String { bytes.count == 4 ? description : "[\(description)]" }
}
