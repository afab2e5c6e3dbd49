import GRPCNIOTransportHTTP2
import GuardianCore
import NIOCore
import NIOSSL
import X509

/// TLS where an edge has no certificate yet: the server proves who it is, by an authority that the client knows by its fingerprint.
public enum EnrolmentSecurity {
    /// Returns TLS for the node's enrolment. The authority is sent as well, because the client does not have it.
    public static func server(
        _ credential: Credential, authorityPEM: String
    ) -> HTTP2ServerTransport.Posix.TransportSecurity {
        .tls(
            .defaults(
                certificateChain: [
                    .bytes(Array(credential.certificatePEM.utf8), format: .pem),
                    .bytes(Array(authorityPEM.utf8), format: .pem),
                ],
                privateKey: .bytes(Array(credential.keyPEM.reveal().utf8), format: .pem)
            ) { $0.requireALPN = true })
    }

    /// Returns TLS for a client that believes only a server whose certificate is of the pinned authority and names the host.
    public static func client(
        pinned pin: AuthorityPin, host: String
    ) -> (HTTP2ClientTransport.Posix.TransportSecurity, PinnedAuthority) {
        let authority = PinnedAuthority(pin: pin, host: host)
        let security = HTTP2ClientTransport.Posix.TransportSecurity.tls { tls in
            // BoringSSL's own check is replaced by the callback.
            tls.serverCertificateVerification = .noHostnameVerification
            tls.customVerificationCallback = { certificates, promise in
                promise.completeWithTask {
                    let chain = certificates.compactMap { try? Certificate(derEncoded: $0.toDERBytes()) }
                    guard chain.count == certificates.count, await authority.accepts(chain) else { return .failed }
                    return .certificateVerified(VerificationMetadata(nil))
                }
            }
        }
        return (security, authority)
    }
}
