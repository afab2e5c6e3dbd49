import Crypto
import Foundation

/// The fingerprint of an authority's certificate, as browsers and phones show it: the SHA-256 of its DER bytes.
public struct AuthorityFingerprint: CustomStringConvertible, Sendable {
    /// Pairs of hexadecimal digits, separated by colons.
    public let description: String

    /// - Parameter file: PEM with one certificate.
    public init?(file: String) {
        guard let pem = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
        // RFC 7468, section 3.
        let body = pem.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }.joined()
        guard let bytes = Data(base64Encoded: body), !bytes.isEmpty else { return nil }
        description = SHA256.hash(data: bytes).map { String(format: "%02X", $0) }.joined(separator: ":")
    }
}
