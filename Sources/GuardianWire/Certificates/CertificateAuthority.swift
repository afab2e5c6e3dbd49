import Crypto
import Foundation
import GuardianCore
import SwiftASN1
import X509

/// An in-memory certificate authority: issues the certificates of a node and its edges. Its private key is never
/// written anywhere, and is lost when the process ends.
public struct CertificateAuthority: Sendable {
    private let key: Certificate.PrivateKey
    private let certificate: Certificate
    private let validity: Range<Date>

    /// - Parameters:
    ///   - name: the issuer's common name in its certificates.
    ///   - days: how long its certificates are valid, beginning an hour before now because clocks differ.
    public init(name: String, days: Int, clock: any WallClock = SystemClock()) throws {
        let now = clock.now().date
        validity = now.addingTimeInterval(-3_600)..<now.addingTimeInterval(Double(days) * 86_400)
        key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let subject = try Self.certifying { try DistinguishedName { CommonName(name) } }
        let (key, validity) = (key, validity)
        certificate = try Self.certifying {
            try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
                notValidBefore: validity.lowerBound, notValidAfter: validity.upperBound,
                issuer: subject, subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
                extensions: try Certificate.Extensions {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                    Critical(KeyUsage(keyCertSign: true))
                    SubjectKeyIdentifier(hash: key.publicKey)
                },
                issuerPrivateKey: key)
        }
    }

    /// Returns the authority's certificate, which both sides trust.
    public func certificatePEM() throws -> String {
        try Self.certifying { try certificate.serializeAsPEM().pemString }
    }

    /// Issues a node's certificate for the names and addresses at which its edges reach it.
    public func issueNode(hosts: [String] = ["localhost", "127.0.0.1"]) throws -> Credential {
        try issue(name: "guardian node", usage: .serverAuth, names: hosts.map(GeneralName.host))
    }

    /// Issues an edge's certificate, which names the device by its key's fingerprint.
    public func issueEdge(fingerprint: Hash256) throws -> Credential {
        try issue(
            name: "guardian edge", usage: .clientAuth,
            names: [.uniformResourceIdentifier(DeviceCertificate.uri(of: fingerprint))])
    }

    private func issue(
        name: String, usage: ExtendedKeyUsage.Usage, names: [GeneralName]
    ) throws -> Credential {
        try Self.certifying {
            let leaf = Certificate.PrivateKey(P256.Signing.PrivateKey())
            let issued = try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: leaf.publicKey,
                notValidBefore: validity.lowerBound, notValidAfter: validity.upperBound,
                issuer: certificate.subject, subject: try DistinguishedName { CommonName(name) },
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: try Certificate.Extensions {
                    Critical(BasicConstraints.notCertificateAuthority)
                    Critical(KeyUsage(digitalSignature: true))
                    try ExtendedKeyUsage([usage])
                    SubjectAlternativeNames(names)
                    AuthorityKeyIdentifier(
                        keyIdentifier: SubjectKeyIdentifier(hash: key.publicKey).keyIdentifier)
                },
                issuerPrivateKey: key)
            return Credential(
                certificatePEM: try issued.serializeAsPEM().pemString,
                keyPEM: Secret(try leaf.serializeAsPEM().pemString))
        }
    }

    private static func certifying<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch {
            throw GuardianError(.internal, "A certificate could not be made.", cause: error)
        }
    }
}

extension GeneralName {
    /// A host name, or an IPv4 address as its four bytes.
    fileprivate static func host(_ text: String) -> GeneralName {
        let octets = text.split(separator: ".", omittingEmptySubsequences: false).compactMap { UInt8($0) }
        guard octets.count == 4, octets.map(String.init).joined(separator: ".") == text else { return .dnsName(text) }
        return .ipAddress(ASN1OctetString(contentBytes: octets[...]))
    }
}
