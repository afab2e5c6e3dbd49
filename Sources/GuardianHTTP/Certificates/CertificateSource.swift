import GuardianCore
import NIOSSL

/// Where a server's certificate comes from. It reads files, so it is called on a thread that may block.
package protocol CertificateSource: Sendable {
    /// How long to wait until `refresh` may find something new.
    var pause: Duration { get }

    /// Returns a certificate if there is another one than at the last call; the first call always returns one.
    ///
    /// - Throws: `GuardianError` when there should be another one and it cannot be had; the next call tries again.
    mutating func refresh(at now: Timestamp) throws -> CertificateChange?

    /// What is wrong now although there is a certificate.
    func problems(at now: Timestamp) -> [FindingView]
}

/// A certificate that new connections get from now on.
package struct CertificateChange: Sendable {
    package let chain: [NIOSSLCertificate]
    /// For clients that name the server (SNI, RFC 6066); `nil`: the same.
    package var named: [NIOSSLCertificate]?
    package let key: NIOSSLPrivateKey
    package let until: Timestamp
}
