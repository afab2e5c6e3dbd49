import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import X509

/// How a certificate names a device: a URI among its alternative names.
public enum DeviceCertificate {
    private static let prefix = "urn:guardian:device:"

    /// `urn:guardian:device:` and the SHA-256 of the device's Ed25519 public key in hexadecimal.
    public static func uri(of fingerprint: Hash256) -> String { prefix + fingerprint.hex }

    /// Returns the device that a certificate names.
    ///
    /// - Throws: `unauthenticated` when it names none, or several.
    public static func fingerprint(in certificate: Certificate) throws -> Hash256 {
        let names: SubjectAlternativeNames
        do {
            names = try certificate.extensions.subjectAlternativeNames ?? SubjectAlternativeNames([])
        } catch {
            throw GuardianError(.unauthenticated, "The certificate's names cannot be read.", cause: error)
        }
        let devices = names.compactMap { name -> Hash256? in
            guard case .uniformResourceIdentifier(let uri) = name, uri.hasPrefix(prefix) else { return nil }
            return Hash256(hex: String(uri.dropFirst(prefix.count)))
        }
        guard devices.count == 1, let device = devices.first else {
            throw GuardianError(
                .unauthenticated, "The certificate names no device; ask the node's owner for an edge's certificate.")
        }
        return device
    }

    /// Returns the device whose certificate authenticated the connection of a call.
    ///
    /// - Throws: `unauthenticated` when there was none.
    public static func fingerprint(of context: ServerContext) throws -> Hash256 {
        guard let posix = context.transportSpecific as? HTTP2ServerTransport.Posix.Context,
            let certificate = posix.peerCertificate
        else { throw GuardianError(.unauthenticated, "The connection has no client certificate.") }
        return try fingerprint(in: certificate)
    }
}
