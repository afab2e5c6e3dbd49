import Crypto
import GuardianCore
import SwiftASN1
import X509

/// A PKCS #10 certificate request (RFC 2986): a public key, signed by its private key. The names in it count for nothing.
public struct CertificateRequest: Sendable {
    /// DER.
    public let bytes: [UInt8]
    let publicKey: Certificate.PublicKey

    /// Makes a request for the key.
    ///
    /// - Parameter keyPEM: a P-256 key.
    /// - Throws: `failedPrecondition` when it is none.
    public init(keyPEM: Secret<String>) throws {
        do {
            let key = Certificate.PrivateKey(try P256.Signing.PrivateKey(pemRepresentation: keyPEM.reveal()))
            let request = try CertificateSigningRequest(
                version: .v1, subject: try DistinguishedName { CommonName("guardian edge") }, privateKey: key,
                attributes: CertificateSigningRequest.Attributes(), signatureAlgorithm: .ecdsaWithSHA256)
            var serializer = DER.Serializer()
            try serializer.serialize(request)
            bytes = serializer.serializedBytes
            publicKey = key.publicKey
        } catch {
            throw GuardianError(
                .failedPrecondition, "The private key is no P-256 key: move its file away, and a new one is made.",
                cause: error)
        }
    }

    /// Parses a stranger's request.
    ///
    /// - Throws: `invalidArgument` unless it is one for a P-256 key, and signed by it.
    public init(received bytes: [UInt8]) throws {
        guard bytes.count <= EnrolmentLimits.request,
            let request = try? CertificateSigningRequest(derEncoded: bytes),
            P256.Signing.PublicKey(request.publicKey) != nil,
            request.publicKey.isValidSignature(request.signature, for: request)
        else {
            throw GuardianError(
                .invalidArgument, "The certificate request is none for a P-256 key, signed by that key.")
        }
        self.bytes = bytes
        publicKey = request.publicKey
    }

    /// Makes a private key for `init(keyPEM:)`.
    public static func makeKey() -> Secret<String> {
        Secret(P256.Signing.PrivateKey().pemRepresentation + "\n")
    }
}
