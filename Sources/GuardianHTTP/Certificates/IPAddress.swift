import Foundation

/// An IPv4 or IPv6 address as its 4 or 16 bytes in network order.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    /// Reads a literal address: four decimal numbers, or what RFC 4291 (2.2) allows for IPv6. A zone (`%eth0`) is not part of an
    /// address, and such text is none.
    package init?(_ text: String) {
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

    /// `nil` unless there are 4 or 16 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// fe80::/10 (RFC 4291, 2.5.6).
    package var isLinkLocalIPv6: Bool { bytes.count == 16 && bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80 }

    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "?" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// Addresses that begin with the same bits.
package struct IPNetwork: Hashable, Sendable {
    package let address: IPAddress
    /// How many bits they have in common.
    package let prefix: Int

    /// `nil` unless the text is an address, a slash and a number of bits, such as `fe80::/10`.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(String(parts[0])), let prefix = Int(parts[1]),
            (0...address.bytes.count * 8).contains(prefix)
        else { return nil }
        self.address = address
        self.prefix = prefix
    }

    /// As many bytes as the address has.
    package var mask: [UInt8] {
        address.bytes.indices.map { index in
            let bits = min(8, max(0, prefix - index * 8))
            return UInt8(truncatingIfNeeded: 0xFF00 >> bits)
        }
    }

    package func contains(_ other: IPAddress) -> Bool {
        other.bytes.count == address.bytes.count
            && zip(zip(address.bytes, other.bytes), mask).allSatisfy { $0.0 & $1 == $0.1 & $1 }
    }

    /// Networks that only this machine or its own network reach: loopback, RFC 1918, link-local (RFC 3927, RFC 4291), shared
    /// addresses (RFC 6598, which overlay networks use) and unique local ones (RFC 4193).
    package static let own: [IPNetwork] = [
        "127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10",
        "fc00::/7", "fe80::/10",
    ].compactMap { IPNetwork($0) }
}
