import Crypto
import GuardianCore

/// What the device key signs when an edge asks for a certificate: that this certificate request, to this node, is its device's. A
/// request that somebody recorded is of no use to them, because its certificate is for a key that they lack.
public enum EnrolmentProof {
    /// - Parameters:
    ///   - authority: of the node; its first 16 bytes are signed, which is what a code tells the edge.
    ///   - request: the certificate request, DER.
    public static func statement(authority: AuthorityPin, request: [UInt8]) -> [UInt8] {
        Array("guardian/enrolment/v1\0".utf8) + Array(authority.bytes.prefix(16)) + Array(SHA256.hash(data: request))
    }
}
