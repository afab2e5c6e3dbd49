import GuardianCore
import X509

/// What a certificate must be that a node answers with.
public enum EdgeCertificate {
    /// Whether the certificate is for the private key of the request, and names the device.
    ///
    /// - Throws: `internal` when it is not: the node's answer is of no use.
    public static func check(_ pem: String, for request: CertificateRequest, device: Hash256) throws -> DeviceIdentity {
        guard let certificate = try? Certificate(pemEncoded: pem), certificate.publicKey == request.publicKey,
            let identity = try? DeviceCertificate.identity(in: certificate), identity.fingerprint == device
        else {
            throw GuardianError(.internal, "The node answered with a certificate that is not this edge's.")
        }
        return identity
    }

    /// Returns whom the first certificate of a PEM file names; `nil` when there is none, or it names no device.
    public static func identity(inFile path: String) -> DeviceIdentity? {
        CertificateFile.first(path).flatMap { try? DeviceCertificate.identity(in: $0) }
    }
}
