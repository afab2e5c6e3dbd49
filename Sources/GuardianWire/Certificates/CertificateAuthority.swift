import Crypto
import Foundation
import GuardianCore
import SwiftASN1
import X509

/// A certificate authority: issues the certificates of a node and its edges.
public struct CertificateAuthority: Sendable {
    private let key: Certificate.PrivateKey
    private let certificate: Certificate
    private let clock: any WallClock

    /// Clocks differ, so certificates are valid from an hour before now.
    private static let tolerance: Double = 3_600

    /// Makes an authority with a new key, which is in memory only.
    ///
    /// - Parameters:
    ///   - name: the issuer's common name in its certificates.
    ///   - days: how long the authority is valid.
    public init(name: String, days: Int, clock: any WallClock = SystemClock()) throws {
        let now = clock.now().date
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let subject = try Self.certifying { try DistinguishedName { CommonName(name) } }
        certificate = try Self.certifying {
            try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
                notValidBefore: now.addingTimeInterval(-Self.tolerance),
                notValidAfter: now.addingTimeInterval(Double(days) * 86_400),
                issuer: subject, subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
                extensions: try Certificate.Extensions {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                    Critical(KeyUsage(keyCertSign: true))
                    SubjectKeyIdentifier(hash: key.publicKey)
                },
                issuerPrivateKey: key)
        }
        self.key = key
        self.clock = clock
    }

    /// Reads an authority that was made before.
    ///
    /// - Throws: `dataLoss` when the texts are damaged, or do not belong together.
    public init(_ credential: Credential, clock: any WallClock = SystemClock()) throws {
        guard let key = try? Certificate.PrivateKey(pemEncoded: credential.keyPEM.reveal()),
            let certificate = try? Certificate(pemEncoded: credential.certificatePEM),
            certificate.publicKey == key.publicKey,
            case .isCertificateAuthority? = try? certificate.extensions.basicConstraints
        else { throw GuardianError(.dataLoss, "The node's authority is damaged; restore its file from a backup.") }
        (self.key, self.certificate, self.clock) = (key, certificate, clock)
    }

    /// The authority's certificate and its private key.
    public func credential() throws -> Credential {
        let keyPEM = try Self.certifying { try key.serializeAsPEM().pemString }
        return Credential(certificatePEM: try certificatePEM(), keyPEM: Secret(keyPEM))
    }

    /// Returns the authority's certificate, which both sides trust.
    public func certificatePEM() throws -> String {
        try Self.certifying { try certificate.serializeAsPEM().pemString }
    }

    /// The SHA-256 of the authority's certificate (DER), by which edges know it.
    public func fingerprint() throws -> Hash256 {
        try Self.certifying { Hash256(digest: SHA256.hash(data: try certificate.derBytes())) }
    }

    /// Issues a node's certificate for the names and addresses at which its edges reach it.
    ///
    /// - Parameter days: how long it is valid; `nil`: as long as the authority.
    public func issueNode(hosts: [String] = ["localhost", "127.0.0.1"], days: Int? = nil) throws -> Credential {
        try issue(name: "guardian node", usage: .serverAuth, names: hosts.map(GeneralName.host), days: days)
    }

    /// Issues the certificate of an edge that is not enrolled, which names the device by its key's fingerprint. Valid as long as the
    /// authority.
    public func issueEdge(fingerprint: Hash256) throws -> Credential {
        try issue(
            name: "guardian edge", usage: .clientAuth,
            names: [.uniformResourceIdentifier(DeviceIdentity(fingerprint: fingerprint).uri)], days: nil)
    }

    /// Issues an enrolled edge's certificate for the key of a request. Nothing else of the request gets into it.
    ///
    /// - Returns: the certificate as PEM, and when it ends.
    public func issueEdge(
        _ identity: DeviceIdentity, for request: CertificateRequest, days: Int
    ) throws -> (pem: String, endsAt: Timestamp) {
        let issued = try issue(
            request.publicKey, name: "guardian edge", usage: .clientAuth,
            names: [.uniformResourceIdentifier(identity.uri)], days: days)
        return (try Self.certifying { try issued.serializeAsPEM().pemString }, Timestamp(issued.notValidAfter))
    }

    private func issue(
        name: String, usage: ExtendedKeyUsage.Usage, names: [GeneralName], days: Int?
    ) throws -> Credential {
        let leaf = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let issued = try issue(leaf.publicKey, name: name, usage: usage, names: names, days: days)
        return try Self.certifying {
            Credential(
                certificatePEM: try issued.serializeAsPEM().pemString,
                keyPEM: Secret(try leaf.serializeAsPEM().pemString))
        }
    }

    private func issue(
        _ leaf: Certificate.PublicKey, name: String, usage: ExtendedKeyUsage.Usage, names: [GeneralName], days: Int?
    ) throws -> Certificate {
        let now = clock.now().date
        let end = days.map { now.addingTimeInterval(Double($0) * 86_400) } ?? certificate.notValidAfter
        return try Self.certifying {
            try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: leaf,
                notValidBefore: max(now.addingTimeInterval(-Self.tolerance), certificate.notValidBefore),
                notValidAfter: min(end, certificate.notValidAfter),
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
        }
    }

    private static func certifying<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch {
            throw GuardianError(.internal, "A certificate could not be made.", cause: error)
        }
    }
}

extension Certificate {
    func derBytes() throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(self)
        return serializer.serializedBytes
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
