import Crypto
import Foundation
import GuardianCore
import X509

/// The authority as a configuration profile of Apple's systems, which says what it is and what to do next, and which another profile of the
/// same authority replaces.
///
/// It is not signed: only a publicly trusted authority's signature would be more than none, and the profile comes over the connection
/// that the certificate comes over.
package struct AuthorityProfile: Sendable {
    /// An XML property list.
    package let bytes: Data

    /// - Parameter certificatePEM: the authority's.
    /// - Throws: `data_loss` when it is no certificate, `internal` when the profile cannot be written.
    package init(certificatePEM: [UInt8]) throws {
        guard let certificate = try? Certificate(pemEncoded: String(decoding: certificatePEM, as: UTF8.self)),
            let der = try? certificate.serializeAsPEM().derBytes
        else { throw GuardianError(.dataLoss, "The web authority's certificate is damaged.") }
        let name = Self.commonName(of: certificate) ?? "Guardian"
        // Of the key, and not of the certificate, which may be made again with the same one: devices replace a profile by another one
        // with the same identifier.
        let key = SHA256.hash(data: certificate.publicKey.subjectPublicKeyInfoBytes)
        let identifier = "guardian.authority.\(key.prefix(8).map { String(format: "%02x", $0) }.joined())"
        let root = Payload(
            type: "com.apple.security.root", identifier: "\(identifier).certificate",
            uuid: Self.uuid(of: key, for: "certificate"), name: name,
            description: "Adds the certificate authority of this recorder.", content: Data(der),
            fileName: "guardian-authority.cer")
        let profile = Payload(
            type: "Configuration", identifier: identifier, uuid: Self.uuid(of: key, for: "profile"), name: name,
            description:
                "Lets this device recognise the recorder. It is good for the recorder's names and for addresses in private "
                + "networks alone, not for other websites. Turn it on afterwards in Settings, General, About, Certificate "
                + "Trust Settings.",
            content: [root])
        let encoder = PropertyListEncoder()
        encoder.outputFormat = .xml
        do { bytes = try encoder.encode(profile) } catch {
            throw GuardianError(.internal, "The authority's profile could not be written.", cause: error)
        }
    }

    /// The keys that every payload has, and those of a certificate (Apple, Device Management: TopLevel, CommonPayloadKeys,
    /// CertificateRoot).
    private struct Payload<Content: Encodable & Sendable>: Encodable, Sendable {
        let type: String
        let identifier: String
        let uuid: String
        let name: String
        let description: String
        let content: Content
        var fileName: String?
        let organization = "Guardian"
        let version = 1

        enum CodingKeys: String, CodingKey {
            case type = "PayloadType"
            case identifier = "PayloadIdentifier"
            case uuid = "PayloadUUID"
            case name = "PayloadDisplayName"
            case description = "PayloadDescription"
            case content = "PayloadContent"
            case fileName = "PayloadCertificateFileName"
            case organization = "PayloadOrganization"
            case version = "PayloadVersion"
        }
    }

    private static func commonName(of certificate: Certificate) -> String? {
        for part in certificate.subject {
            for attribute in part where attribute.type == .RDNAttributeType.commonName {
                return String(attribute.value)
            }
        }
        return nil
    }

    /// The same for the same key and purpose, of version 8 (RFC 9562, 5.8).
    private static func uuid(of key: SHA256.Digest, for purpose: String) -> String {
        var bytes = Array(SHA256.hash(data: Array(key) + Array(purpose.utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = bytes.map { String(format: "%02X", $0) }
        return [digits[0..<4], digits[4..<6], digits[6..<8], digits[8..<10], digits[10..<16]]
            .map { $0.joined() }.joined(separator: "-")
    }
}
