import GuardianCore
import SwiftASN1
import X509

/// Names and addresses: those that a certificate is for, or that an authority may certify.
package struct CertifiedNames: Hashable, Sendable {
    package var names: Set<HostName>
    package var addresses: Set<IPAddress>

    /// What a server of this machine should be reached by.
    ///
    /// IPv6 addresses of one link are left out: a browser cannot open them, since a URL has no zone, and each container that
    /// starts brings one, for which a new certificate would be made.
    package init(of machine: Machine, configured: [HostName]) {
        names = Set(Self.always + machine.names + configured)
        let loopback = ["127.0.0.1", "::1"].compactMap { IPAddress($0) }
        addresses = Set(loopback + machine.addresses.filter { !$0.isLinkLocalIPv6 })
    }

    /// Reads them from a certificate.
    ///
    /// - Throws: when the certificate's extension is damaged.
    package init(in certificate: Certificate) throws {
        (names, addresses) = ([], [])
        for name in try certificate.extensions.subjectAlternativeNames ?? SubjectAlternativeNames([]) {
            switch name {
            case .dnsName(let text): if let name = HostName(text) { names.insert(name) }
            case .ipAddress(let octets):
                if let address = IPAddress(bytes: Array(octets.bytes)) { addresses.insert(address) }
            default: continue
            }
        }
    }

    /// Whether everything in `other` is in here.
    package func covers(_ other: CertifiedNames) -> Bool {
        names.isSuperset(of: other.names) && addresses.isSuperset(of: other.addresses)
    }

    /// What of this an authority may certify.
    package func permitted(by constraints: NameConstraints) -> CertifiedNames {
        let networks = constraints.permittedIPRanges.map { Array($0.bytes) }
        var result = self
        result.names = names.filter { name in
            constraints.permittedDNSDomains.contains { name.text == $0 || name.text.hasSuffix(".\($0)") }
        }
        result.addresses = addresses.filter { address in
            networks.contains { network in
                let (base, mask) = (network.prefix(network.count / 2), network.suffix(network.count / 2))
                return base.count == address.bytes.count
                    && zip(zip(base, address.bytes), mask).allSatisfy { $0.0 & $1 == $0.1 & $1 }
            }
        }
        return result
    }

    /// Sorted, so that the same names make the same extension.
    package var generalNames: [GeneralName] {
        names.map(\.text).sorted().map { .dnsName($0) }
            + addresses.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }.map {
                .ipAddress(ASN1OctetString(contentBytes: $0.bytes[...]))
            }
    }

    /// The names that every machine with Guardian has.
    private static let always = ["localhost", "guardian.local"].compactMap { HostName($0) }
}
