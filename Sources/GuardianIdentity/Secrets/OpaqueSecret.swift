import Crypto
import Foundation
import GuardianCore

/// Random secrets that a client keeps and presents: only their digest is stored.
///
/// One fast hash is enough: a secret of 256 random bits cannot be guessed from it, as a password could.
package enum OpaqueSecret {
    /// Bytes of randomness in a session's and in the setup's secret.
    static let size = 32
    /// Bytes of text that are looked at: no secret of ours is longer.
    static let textLimit = 128

    /// Returns a new secret: 256 random bits as Base64url, 43 digits.
    package static func make(_ randomness: Randomness) -> Secret<String> {
        Secret(Base64URL.encode(randomness.bytes(size)))
    }

    /// The SHA-256 under which a secret is stored; `nil` for a text that is too long to be one.
    package static func digest(_ secret: Secret<String>) -> Hash256? {
        let text = Array(secret.reveal().utf8)
        guard !text.isEmpty, text.count <= textLimit else { return nil }
        return Hash256(digest: SHA256.hash(data: text))
    }
}
