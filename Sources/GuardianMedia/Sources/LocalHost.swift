import Foundation

/// Hosts at which no camera of a network is: this machine, link-local addresses, metadata services of clouds. What a camera or a
/// user names must not make the recorder connect there.
public enum LocalHost {
    /// Returns why a host is not allowed, as far as its text shows: a name is not looked up.
    public static func refusal(of host: String) -> String? {
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        if name == "localhost" || name.hasSuffix(".localhost") { return "That is this machine." }
        guard let address = NumericAddress(host) else { return nil }
        return address.isForbidden ? "That is an address of this machine, or one that no camera on a network has." : nil
    }

    /// Whether a host is written as a number, and so needs no look-up.
    public static func isNumber(_ host: String) -> Bool { NumericAddress(host) != nil }
}

/// A host that is written as a number.
private struct NumericAddress {
    private let bytes: [UInt8]

    /// `nil` for a name. IPv4 is accepted in all the forms that connections accept, such as `127.1` and `0x7f000001`
    /// (inet_aton(3)).
    init?(_ host: String) {
        var four = in_addr()
        var six = in6_addr()
        let plain = host.prefix { $0 != "%" }
        if inet_pton(AF_INET6, String(plain), &six) == 1 {
            let all = withUnsafeBytes(of: &six) { Array($0) }
            bytes = Self.embedded(all) ?? all
        } else if inet_aton(host, &four) != 0 {
            bytes = withUnsafeBytes(of: &four) { Array($0) }
        } else {
            return nil
        }
    }

    /// The IPv4 address within an IPv6 one: mapped (RFC 4291, 2.5.5.2), compatible (2.5.5.1) or of NAT64 (RFC 6052, 2.1).
    private static func embedded(_ all: [UInt8]) -> [UInt8]? {
        let (head, tail) = (Array(all.prefix(12)), Array(all.suffix(4)))
        let zeros = [UInt8](repeating: 0, count: 10)
        if head == zeros + [0xFF, 0xFF] { return tail }
        if head == [0x00, 0x64, 0xFF, 0x9B] + [UInt8](repeating: 0, count: 8) { return tail }
        // :: and ::1 are IPv6's own.
        return head == zeros + [0, 0] && tail.dropLast() != [0, 0, 0] ? tail : nil
    }

    /// Loopback, unspecified, link-local, multicast, broadcast, and the metadata addresses that are not link-local.
    var isForbidden: Bool {
        if bytes.count == 4 {
            switch (bytes[0], bytes[1]) {
            // RFC 1122, 3.2.1.3; RFC 3927; RFC 1112, 4 and the reserved rest.
            case (0, _), (127, _), (169, 254), (224..., _): return true
            default: return bytes == [100, 100, 100, 200]
            }
        }
        // RFC 4291, 2.5.2, 2.5.3, 2.5.6 and 2.7.
        if bytes.dropLast().allSatisfy({ $0 == 0 }), let last = bytes.last, last <= 1 { return true }
        if bytes[0] == 0xFE, bytes[1] & 0xC0 == 0x80 { return true }
        if bytes[0] == 0xFF { return true }
        return bytes == [0xFD, 0x00, 0x0E, 0xC2] + [UInt8](repeating: 0, count: 10) + [0x02, 0x54]
    }
}
