import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import X509

/// How a certificate names a device: a URI among its alternative names (`DeviceIdentity.uri`).
public enum DeviceCertificate {
    /// Returns the device that a certificate names.
    ///
    /// - Throws: `unauthenticated` when it names none, or several.
    public static func identity(in certificate: Certificate) throws -> DeviceIdentity {
        let names: SubjectAlternativeNames
        do {
            names = try certificate.extensions.subjectAlternativeNames ?? SubjectAlternativeNames([])
        } catch {
            throw GuardianError(.unauthenticated, "The certificate's names cannot be read.", cause: error)
        }
        let devices = names.compactMap { name -> DeviceIdentity? in
            guard case .uniformResourceIdentifier(let uri) = name else { return nil }
            return DeviceIdentity(uri: uri)
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
    public static func identity(of context: ServerContext) throws -> DeviceIdentity {
        guard let posix = context.transportSpecific as? HTTP2ServerTransport.Posix.Context,
            let certificate = posix.peerCertificate
        else { throw GuardianError(.unauthenticated, "The connection has no client certificate.") }
        return try identity(in: certificate)
    }
}
