import Crypto
import Foundation
import GuardianCore

/// HPKE, single shot, base mode, no associated data (RFC 9180, 6.1), with HKDF-SHA256 and AES-256-GCM.
enum Encapsulation {
    static func suite(_ kem: RecipientKEM) -> HPKE.Ciphersuite {
        switch kem {
        case .xWing: .XWingMLKEM768X25519_SHA256_AES_GCM_256
        case .x25519: HPKE.Ciphersuite(kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .AES_GCM_256)
        }
    }

    static func seal(
        _ message: some DataProtocol, to recipient: Recipient, info: Data
    ) throws -> (encapsulation: [UInt8], sealed: [UInt8]) {
        let suite = suite(recipient.kem)
        var context =
            switch recipient.kem {
            case .xWing:
                try HPKE.Sender(
                    recipientKey: XWingMLKEM768X25519.PublicKey(rawRepresentation: recipient.publicKey),
                    ciphersuite: suite, info: info)
            case .x25519:
                try HPKE.Sender(
                    recipientKey: contributoryKey(recipient.publicKey), ciphersuite: suite, info: info)
            }
        let sealed = try context.seal(message)
        return (Array(context.encapsulatedKey), Array(sealed))
    }

    /// Returns the key for a point, unless every shared secret with it is zero. RFC 9180, 7.1.4 requires this check,
    /// which swift-crypto leaves to its callers.
    ///
    /// - Throws: `invalidArgument` for such a point; swift-crypto's error when the bytes are not a point.
    static func contributoryKey(_ point: [UInt8]) throws -> Curve25519.KeyAgreement.PublicKey {
        let key = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: point)
        let secret = try Curve25519.KeyAgreement.PrivateKey().sharedSecretFromKeyAgreement(with: key)
        guard secret.withUnsafeBytes({ $0.contains { $0 != 0 } }) else {
            throw GuardianError(.invalidArgument, "With this X25519 key every shared secret is zero.")
        }
        return key
    }
}
