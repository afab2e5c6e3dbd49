/// What an address is for.
public enum AddressKind: String, Sendable {
    case `public`
    /// RFC 1918; 100.64.0.0/10 (RFC 6598); fc00::/7 (RFC 4193).
    case `private`
    case loopback
    /// 169.254.0.0/16 (RFC 3927), fe80::/10 (RFC 4291).
    case linkLocal
    case multicast
    /// Where a cloud's virtual machine asks for its own keys.
    case metadata
    /// Unspecified, broadcast, reserved, or IPv4 wrapped in IPv6, behind which any other kind may be.
    case reserved
}

extension IPAddress {
    /// AWS, Google, Azure, Alibaba and Oracle, as their documentation names them.
    private static let metadata = Set(
        [
            "169.254.169.254", "169.254.169.253", "169.254.170.2", "169.254.170.23", "168.63.129.16", "100.100.100.200",
            "192.0.0.192", "fd00:ec2::254", "fd00:ec2::253", "fd00:ec2::23", "fd20:ce::254",
        ].compactMap { IPAddress($0) })

    /// What it is for. An IPv4 address in IPv6's notation is of that address's kind, because connections to it go there.
    public var kind: AddressKind {
        let address = unmapped
        if Self.metadata.contains(address) { return .metadata }
        return address.bytes.count == 4 ? address.kind4 : address.kind6
    }

    private var kind4: AddressKind {
        switch (bytes[0], bytes[1]) {
        case (127, _): .loopback
        case (10, _), (172, 16...31), (192, 168), (100, 64...127): .private
        case (169, 254): .linkLocal
        case (224...239, _): .multicast
        case (0, _), (240..., _): .reserved
        default: .public
        }
    }

    private var kind6: AddressKind {
        if bytes.dropLast().allSatisfy({ $0 == 0 }), bytes[15] == 1 { return .loopback }
        switch (bytes[0], bytes[1]) {
        case (0xFF, _): return .multicast
        case (0xFE, 0x80...0xBF): return .linkLocal
        case (0xFC...0xFD, _): return .private
        // 6to4 (RFC 3056), Teredo (RFC 4380).
        case (0x20, 0x02): return .reserved
        case (0x20, 0x01) where bytes[2] == 0 && bytes[3] == 0: return .reserved
        // 2000::/3 is all that is assigned for use everywhere (RFC 4291, 2.4); NAT64 (RFC 6052) lies outside of it.
        case (0x20...0x3F, _): return .public
        default: return .reserved
        }
    }
}
