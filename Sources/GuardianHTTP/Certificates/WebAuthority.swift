import Crypto
import Foundation
import GuardianCore
import SwiftASN1
import X509

/// The certificate authority of one installation's web servers, which people install on their devices. It can certify nothing but
/// this machine's names and addresses of private networks, so that whoever steals its key cannot pretend to be somebody's bank.
package struct WebAuthority: Sendable {
    /// Ten years.
    private static let days: Int64 = 3653

    package let certificate: Certificate
    /// What it may certify.
    package let constraints: NameConstraints
    private let key: P256.Signing.PrivateKey

    /// Makes a certificate for the key.
    ///
    /// It is valid from `CertificateTime.earliest` on, and not from now: if the clock is ahead now, the authority is valid after it
    /// was set right.
    ///
    /// - Parameters:
    ///   - names: those of this machine and the configured ones; the authority can certify no others later.
    /// - Throws: `internal` when the library cannot make it.
    package init(key: P256.Signing.PrivateKey, machine: Machine, names: CertifiedNames, now: Timestamp) throws {
        let signer = Certificate.PrivateKey(key)
        let subject = try Self.certifying {
            try DistinguishedName {
                OrganizationName("Guardian")
                CommonName(Self.name(of: key.publicKey, on: machine))
            }
        }
        let constraints = NameConstraints(
            permittedDNSDomains: names.names.map(\.text).sorted(),
            permittedIPRanges: IPNetwork.own.map { network in
                let base = zip(network.address.bytes, network.mask).map { $0 & $1 }
                return ASN1OctetString(contentBytes: (base + network.mask)[...])
            })
        let end = CertificateTime.plausible(now) + Self.days * CertificateTime.day
        certificate = try Self.certifying {
            try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: signer.publicKey,
                notValidBefore: CertificateTime.earliest.date, notValidAfter: end.date, issuer: subject,
                subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
                extensions: try Certificate.Extensions {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                    Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                    // Devices that trust it must not trust programs or mail signed with its key either.
                    try ExtendedKeyUsage([.serverAuth])
                    Critical(constraints)
                    SubjectKeyIdentifier(hash: signer.publicKey)
                },
                issuerPrivateKey: signer)
        }
        self.constraints = constraints
        self.key = key
    }

    /// Wraps a certificate that was made before.
    ///
    /// - Throws: `data_loss` when it is damaged, no authority's, or of another key.
    package init(certificatePEM: [UInt8], key: P256.Signing.PrivateKey) throws {
        let damaged = GuardianError(.dataLoss, "The web authority's certificate is damaged.")
        guard let certificate = try? Certificate(pemEncoded: String(decoding: certificatePEM, as: UTF8.self)),
            certificate.publicKey == Certificate.PublicKey(key.publicKey),
            case .isCertificateAuthority? = try? certificate.extensions.basicConstraints,
            let constraints = try? certificate.extensions.nameConstraints
        else { throw damaged }
        self.certificate = certificate
        self.constraints = constraints
        self.key = key
    }

    /// The text that people install on their devices.
    package func certificatePEM() throws -> String {
        try Self.certifying { try certificate.serializeAsPEM().pemString }
    }

    package var end: Timestamp { Timestamp(certificate.notValidAfter) }

    /// Issues certificates with a new key, valid from a day ago, because phones' clocks differ, for 90 days; never longer than the
    /// authority.
    ///
    /// - Throws: `internal` when the library cannot make them.
    package func issue(for names: CertifiedNames, now: Timestamp) throws -> IssuedCertificate {
        let leaf = P256.Signing.PrivateKey()
        var named = names
        named.addresses = []
        return IssuedCertificate(
            certificate: try issue(leaf.publicKey, names, now: now), named: try issue(leaf.publicKey, named, now: now),
            key: leaf)
    }

    private func issue(_ leaf: P256.Signing.PublicKey, _ names: CertifiedNames, now: Timestamp) throws -> Certificate {
        let now = CertificateTime.plausible(now)
        return try Self.certifying {
            try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: Certificate.PublicKey(leaf),
                notValidBefore: (now + -CertificateTime.day).date, notValidAfter: end(from: now).date,
                issuer: certificate.subject,
                subject: try DistinguishedName { CommonName("Guardian web server") },
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: try Certificate.Extensions {
                    Critical(BasicConstraints.notCertificateAuthority)
                    Critical(KeyUsage(digitalSignature: true))
                    try ExtendedKeyUsage([.serverAuth])
                    SubjectAlternativeNames(names.generalNames)
                    AuthorityKeyIdentifier(
                        keyIdentifier: SubjectKeyIdentifier(hash: certificate.publicKey).keyIdentifier)
                },
                issuerPrivateKey: Certificate.PrivateKey(key))
        }
    }

    /// The end of a certificate that is issued now.
    package func end(from now: Timestamp) -> Timestamp {
        min(CertificateTime.plausible(now) + IssuedCertificate.days * CertificateTime.day, end)
    }

    /// Whether this authority's key signed the certificate.
    package func hasIssued(_ other: Certificate) -> Bool {
        other.issuer == certificate.subject && certificate.publicKey.isValidSignature(other.signature, for: other)
    }

    /// Tells installations apart in a device's list: the host's name, and four characters that are the key's, so that the name
    /// stays when the certificate has to be made again.
    private static func name(of key: P256.Signing.PublicKey, on machine: Machine) -> String {
        let letters = Array("abcdefghijkmnpqrstuvwxyz23456789")
        let code = SHA256.hash(data: key.x963Representation).prefix(4).map { letters[Int($0) % letters.count] }
        // A common name has at most 64 characters (RFC 5280, upper bounds).
        return "Guardian \(machine.name?.text.prefix(40) ?? "recorder") \(String(code))"
    }

    private static func certifying<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch {
            throw GuardianError(.internal, "A certificate could not be made.", cause: error)
        }
    }
}
