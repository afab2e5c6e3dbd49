import GRPCNIOTransportHTTP2
import GuardianCore

extension CredentialFiles {
    /// Returns mutual TLS for a server: only clients with a certificate of the authority can connect.
    ///
    /// - Throws: what `read` throws.
    public func serverSecurity() throws -> HTTP2ServerTransport.Posix.TransportSecurity {
        let files = try read()
        return .mTLS(
            certificateChain: [.bytes(files.certificate, format: .pem)],
            privateKey: .bytes(files.key, format: .pem)
        ) { tls in
            tls.trustRoots = .certificates([.bytes(files.authority, format: .pem)])
            tls.requireALPN = true
        }
    }

    /// Returns mutual TLS for a client: the server's certificate must be the authority's and name the host that was
    /// called.
    ///
    /// - Throws: what `read` throws.
    public func clientSecurity() throws -> HTTP2ClientTransport.Posix.TransportSecurity {
        let files = try read()
        return .mTLS(
            certificateChain: [.bytes(files.certificate, format: .pem)],
            privateKey: .bytes(files.key, format: .pem)
        ) { tls in
            tls.trustRoots = .certificates([.bytes(files.authority, format: .pem)])
        }
    }
}
