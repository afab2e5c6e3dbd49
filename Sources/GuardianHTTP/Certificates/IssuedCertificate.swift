import Crypto
import Foundation
import GuardianCore
import X509

/// A web server's certificate from the installation's own authority, and its key.
package struct IssuedCertificate: Sendable {
    /// How long it is valid from its making; browsers accept up to 825 days from authorities that a person installed.
    package static let days: Int64 = 90

    /// For all names and addresses.
    package let certificate: Certificate
    /// For the names alone, with the same key. Clients that name the server get it: BoringSSL, with which Swift's HTTP clients
    /// verify, knows no constraints of addresses, and refuses every certificate with addresses of an authority that has them.
    package let named: Certificate
    private let key: P256.Signing.PrivateKey

    package init(certificate: Certificate, named: Certificate, key: P256.Signing.PrivateKey) {
        self.certificate = certificate
        self.named = named
        self.key = key
    }

    private static let mark = "-----END CERTIFICATE-----"

    /// Reads the text that `pem` made; `nil` when it is damaged.
    package init?(pem: [UInt8]) {
        let parts = String(decoding: pem, as: UTF8.self).components(separatedBy: Self.mark)
        guard parts.count == 3, let certificate = try? Certificate(pemEncoded: parts[0] + Self.mark),
            let named = try? Certificate(pemEncoded: parts[1] + Self.mark),
            let key = try? P256.Signing.PrivateKey(pemRepresentation: parts[2]),
            [certificate, named].allSatisfy({ $0.publicKey == Certificate.PublicKey(key.publicKey) })
        else { return nil }
        self.init(certificate: certificate, named: named, key: key)
    }

    /// Certificates and key as one text, so that one file has them and they always belong together.
    package func pem() throws -> Secret<String> {
        do {
            let parts = [
                try certificate.serializeAsPEM().pemString, try named.serializeAsPEM().pemString, key.pemRepresentation,
            ]
            return Secret(parts.joined(separator: "\n") + "\n")
        } catch { throw GuardianError(.internal, "A certificate could not be written.", cause: error) }
    }

    /// Whether another one has to be issued: when it is another authority's, a third or less of its time is left, the clock was set
    /// back before its beginning, or a name or address is missing. One that the machine no longer has may stay until then.
    package func hasToBeRenewed(by authority: WebAuthority, for names: CertifiedNames, now: Timestamp) -> Bool {
        guard authority.hasIssued(certificate), let own = try? CertifiedNames(in: certificate), own.covers(names),
            authority.hasIssued(named)
        else { return true }
        let now = CertificateTime.plausible(now)
        let (begin, end) = (Timestamp(certificate.notValidBefore), Timestamp(certificate.notValidAfter))
        guard now >= begin else { return true }
        // In the authority's last weeks a new one would end no later.
        return end - now <= (end - begin) / 3 && authority.end(from: now) > end
    }
}
