import GRPCNIOTransportHTTP2
import GuardianCore

extension CredentialFiles {
    /// Returns mutual TLS for a server: only clients with a certificate of the authority can connect.
    ///
    /// - Parameter others: further authorities whose clients can connect, as PEM.
    /// - Throws: what `read` throws.
    public func serverSecurity(
        trusting others: [String] = []
    ) throws -> HTTP2ServerTransport.Posix.TransportSecurity {
        let files = try read()
        return .mutual(
            certificate: files.certificate, key: files.key,
            authorities: [files.authority] + others.map { Array($0.utf8) })
    }

    /// The text of the authority's file.
    ///
    /// - Throws: what `read` throws.
    public func authorityPEM() throws -> String { String(decoding: try read().authority, as: UTF8.self) }

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

extension Credential {
    /// Returns mutual TLS for a server with this certificate: only clients with a certificate of the authorities can connect.
    public func serverSecurity(trusting authorities: [String]) -> HTTP2ServerTransport.Posix.TransportSecurity {
        .mutual(
            certificate: Array(certificatePEM.utf8), key: Array(keyPEM.reveal().utf8),
            authorities: authorities.map { Array($0.utf8) })
    }
}

extension HTTP2ServerTransport.Posix.TransportSecurity {
    fileprivate static func mutual(certificate: [UInt8], key: [UInt8], authorities: [[UInt8]]) -> Self {
        .mTLS(certificateChain: [.bytes(certificate, format: .pem)], privateKey: .bytes(key, format: .pem)) { tls in
            tls.trustRoots = .certificates(authorities.map { .bytes($0, format: .pem) })
            tls.requireALPN = true
        }
    }
}
