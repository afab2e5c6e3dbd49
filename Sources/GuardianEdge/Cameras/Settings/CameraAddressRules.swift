import Foundation
import GuardianCore
import GuardianMedia

/// Where a camera that is added at run time may be. Whoever may manage cameras must not use the recorder to read its files, or
/// to reach services that trust it: those of its own machine, and those that answer at link-local addresses, such as the metadata
/// services of clouds. The configuration file may name any address: who writes it has the machine.
package struct CameraAddressRules: Sendable {
    /// Whether addresses of this machine, link-local ones and files are allowed all the same.
    package let allowsLocal: Bool
    /// Returns the numeric addresses of a host's name; none when it has none now.
    private let resolve: @Sendable (String) async -> [String]

    package init(
        allowsLocal: Bool,
        resolve: @escaping @Sendable (String) async -> [String] = { await HostLookup.addresses(of: $0) }
    ) {
        self.allowsLocal = allowsLocal
        self.resolve = resolve
    }

    /// - Parameter before: what the camera is now: an address that the configuration file gave may stay.
    /// - Throws: `invalidArgument` whose context names the field, when the camera must not be there.
    package func check(_ camera: CameraConfiguration, instead before: CameraConfiguration? = nil) async throws {
        guard !allowsLocal else { return }
        let known = [before?.source, before?.detect].compactMap { $0.map { CameraChecks.withoutSecrets($0.reveal()) } }
        for (field, address) in [("source", camera.source), ("detect", camera.detect)] {
            guard let text = address?.reveal(), !known.contains(CameraChecks.withoutSecrets(text)),
                let reason = await refusal(of: text)
            else { continue }
            throw CameraConfiguration.refusal(
                field,
                "\(reason) Write such a camera into the configuration file, or allow it there with "
                    + "allowLocalCameraAddresses: true.")
        }
    }

    /// Returns why an address is not allowed; `nil` when it is.
    package func refusal(of text: String) async -> String? {
        guard !allowsLocal else { return nil }
        guard !CameraChecks.isFile(text) else { return "A file is no camera." }
        guard let host = try? RTSPAddress(text).endpoint.host else { return "That is no camera's address." }
        if let reason = Self.refusal(ofHost: host) { return reason }
        guard NumericAddress(host) == nil else { return nil }
        for address in await resolve(host) {
            if let reason = Self.refusal(ofHost: address) { return "\(host) is \(address). \(reason)" }
        }
        return nil
    }

    /// Returns why a host is not allowed, as far as its text shows.
    package static func refusal(ofHost host: String) -> String? {
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        if name == "localhost" || name.hasSuffix(".localhost") { return "That is this machine." }
        guard let address = NumericAddress(host) else { return nil }
        return address.isForbidden ? "That is an address of this machine, or one that no camera on a network has." : nil
    }
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
