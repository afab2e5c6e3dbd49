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
                    recipientKey: contributing(recipient.publicKey), ciphersuite: suite, info: info)
            }
        let sealed = try context.seal(message)
        return (Array(context.encapsulatedKey), Array(sealed))
    }

    /// A point that adds to the shared secret. RFC 9180, 7.1.4 asks to refuse those with which everybody's secret is
    /// zero; swift-crypto leaves that to its callers.
    ///
    /// - Throws: `invalidArgument` for such a point, and for what is none.
    static func contributing(_ point: [UInt8]) throws -> Curve25519.KeyAgreement.PublicKey {
        let key = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: point)
        let secret = try Curve25519.KeyAgreement.PrivateKey().sharedSecretFromKeyAgreement(with: key)
        guard secret.withUnsafeBytes({ $0.contains { $0 != 0 } }) else {
            throw GuardianError(.invalidArgument, "With this X25519 key every shared secret is zero.")
        }
        return key
    }
}
