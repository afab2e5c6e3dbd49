import GuardianCore
import X509

/// A server's certificate, and those between it and its authority.
enum ServerChain {
    /// Whether one of the authorities issued it, it is valid now, and it names the host.
    static func isValid(
        _ leaf: Certificate, _ intermediates: some Sequence<Certificate>, of authorities: [Certificate], host: String
    ) async -> Bool {
        let isAddress = IPAddress(host) != nil
        var verifier = Verifier(rootCertificates: CertificateStore(authorities)) {
            RFC5280Policy()
            ServerIdentityPolicy(serverHostname: isAddress ? nil : host, serverIP: isAddress ? host : nil)
        }
        let result = await verifier.validate(leaf: leaf, intermediates: CertificateStore(intermediates))
        guard case .validCertificate = result else { return false }
        return true
    }
}
