import Crypto
import Foundation
import GuardianCore
import GuardianTestKit
import GuardianWire
import SwiftASN1
import Testing
import X509

@Suite("Certificates of a node's authority")
struct IssuingTests {
    private let clock = ManualClock(Timestamp(milliseconds: 1_790_000_000_000))
    private let device = Hash256(digest: Array(repeating: 7, count: 32))

    private func authority() throws -> CertificateAuthority {
        try CertificateAuthority(name: "node", days: 7305, clock: clock)
    }

    private func identity(_ tenant: String) throws -> DeviceIdentity {
        let name = try #require(TenantName(tenant))
        return DeviceIdentity(enrolledTenant: name, fingerprint: device)
    }

    @Test("name tenant and edge as the node says, whatever the request says")
    func names() throws {
        let key = P256.Signing.PrivateKey()
        let claimed = try CertificateSigningRequest(
            version: .v1, subject: try DistinguishedName { CommonName("guardian://other/admin") },
            privateKey: Certificate.PrivateKey(key),
            attributes: try CertificateSigningRequest.Attributes([
                .init(
                    ExtensionRequest(
                        extensions: try Certificate.Extensions {
                            SubjectAlternativeNames([.uniformResourceIdentifier("guardian://other/\(device.hex)")])
                            BasicConstraints.isCertificateAuthority(maxPathLength: nil)
                        }))
            ]), signatureAlgorithm: .ecdsaWithSHA256)
        var serializer = DER.Serializer()
        try serializer.serialize(claimed)
        let request = try CertificateRequest(received: serializer.serializedBytes)
        let issued = try authority().issueEdge(try identity("miller"), for: request, days: 397)
        let certificate = try Certificate(pemEncoded: issued.pem)
        #expect(try DeviceCertificate.identity(in: certificate) == identity("miller"))
        #expect(
            Array(try #require(try certificate.extensions.subjectAlternativeNames)) == [
                .uniformResourceIdentifier("guardian://miller/\(device.hex)")
            ])
        #expect(try certificate.extensions.basicConstraints == .notCertificateAuthority)
        #expect(try certificate.extensions.extendedKeyUsage?.contains(.clientAuth) == true)
        #expect(try certificate.extensions.extendedKeyUsage?.contains(.serverAuth) == false)
        #expect(certificate.publicKey == Certificate.PublicKey(key.publicKey))
        #expect(!"\(certificate.subject)".contains("other"))
        #expect(certificate.notValidAfter == clock.now().date.addingTimeInterval(397 * 86_400))
        #expect(issued.endsAt == Timestamp(certificate.notValidAfter))
    }

    @Test("are issued only to whoever has the request's key")
    func possession() throws {
        var bytes = try CertificateRequest(keyPEM: CertificateRequest.makeKey()).bytes
        #expect(throws: Never.self) { try CertificateRequest(received: bytes) }
        // The last byte is the signature's.
        bytes[bytes.count - 1] ^= 1
        #expect(throws: GuardianError.self) { try CertificateRequest(received: bytes) }
        #expect(throws: GuardianError.self) { try CertificateRequest(received: []) }
        #expect(throws: GuardianError.self) { try CertificateRequest(received: Array(repeating: 48, count: 5_000)) }
    }

    @Test("never outlast the authority")
    func end() throws {
        let authority = try CertificateAuthority(name: "node", days: 10, clock: clock)
        let request = try CertificateRequest(keyPEM: CertificateRequest.makeKey())
        let issued = try authority.issueEdge(try identity("home"), for: request, days: 397)
        #expect(issued.endsAt == clock.now() + Duration.seconds(10 * 86_400))
    }

    @Test("come from the same authority after it was read from its file")
    func file() throws {
        let made = try authority()
        let text = try made.credential().combined
        let credential = try #require(Credential(combined: text))
        let read = try CertificateAuthority(credential, clock: clock)
        #expect(try read.fingerprint() == made.fingerprint())
        #expect(Credential(combined: Secret("nothing")) == nil)
        let other = try authority().credential()
        #expect(throws: GuardianError.self) {
            try CertificateAuthority(
                Credential(certificatePEM: other.certificatePEM, keyPEM: credential.keyPEM), clock: clock)
        }
    }

    @Test(
        "name no device in any other form",
        arguments: [
            "guardian://home", "guardian://home/", "guardian://home/x", "guardian:///\(Self.hex)",
            "guardian://Home/\(Self.hex)", "guardian://home/\(Self.hex)/", "guardian://a/b/\(Self.hex)",
            "guardian://home/\(Self.hex.uppercased())", "https://home/\(Self.hex)", "urn:guardian:device:",
            "urn:guardian:device:\(Self.hex)0",
        ])
    func otherForms(uri: String) { #expect(DeviceIdentity(uri: uri) == nil) }

    private static let hex = String(repeating: "ab", count: 32)

    @Test("name devices in both forms", arguments: ["guardian://a-1/\(Self.hex)", "urn:guardian:device:\(Self.hex)"])
    func forms(uri: String) throws {
        let identity = try #require(DeviceIdentity(uri: uri))
        #expect(identity.uri == uri)
        #expect(identity.tenant == (uri.hasPrefix("urn") ? .home : TenantName("a-1")))
    }

    @Test("belong to an edge only with its own key and fingerprint")
    func checking() throws {
        let request = try CertificateRequest(keyPEM: CertificateRequest.makeKey())
        let other = try CertificateRequest(keyPEM: CertificateRequest.makeKey())
        let pem = try authority().issueEdge(try identity("home"), for: request, days: 1).pem
        #expect(try EdgeCertificate.check(pem, for: request, device: device) == identity("home"))
        #expect(throws: GuardianError.self) { try EdgeCertificate.check(pem, for: other, device: device) }
        let stranger = Hash256(digest: Array(repeating: 8, count: 32))
        #expect(throws: GuardianError.self) { try EdgeCertificate.check(pem, for: request, device: stranger) }
        #expect(throws: GuardianError.self) { try EdgeCertificate.check("", for: request, device: device) }
    }
}
