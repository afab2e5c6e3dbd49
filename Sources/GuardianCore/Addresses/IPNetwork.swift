/// Addresses that begin with the same bits.
public struct IPNetwork: Hashable, Sendable {
    public let address: IPAddress
    /// How many bits they have in common.
    public let prefix: Int

    /// `nil` unless the text is an address, a slash and a number of bits, such as `fe80::/10`.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(String(parts[0])), let prefix = Int(parts[1]),
            (0...address.bytes.count * 8).contains(prefix)
        else { return nil }
        self.address = address
        self.prefix = prefix
    }

    /// The network of this address alone.
    public init(_ address: IPAddress) {
        self.address = address
        prefix = address.bytes.count * 8
    }

    /// As many bytes as the address has.
    public var mask: [UInt8] {
        address.bytes.indices.map { index in
            let bits = min(8, max(0, prefix - index * 8))
            return UInt8(truncatingIfNeeded: 0xFF00 >> bits)
        }
    }

    public func contains(_ other: IPAddress) -> Bool {
        other.bytes.count == address.bytes.count
            && zip(zip(address.bytes, other.bytes), mask).allSatisfy { $0.0 & $1 == $0.1 & $1 }
    }

    /// Networks that only this machine or its own network reach: loopback, RFC 1918, link-local (RFC 3927, RFC 4291), shared
    /// addresses (RFC 6598, which overlay networks use) and unique local ones (RFC 4193).
    public static let own: [IPNetwork] = [
        "127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10",
        "fc00::/7", "fe80::/10",
    ].compactMap { IPNetwork($0) }
}
