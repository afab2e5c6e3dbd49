import Crypto
import Foundation
import GuardianCore

/// The private keys that are derived from an owner's secret. They print as `…`.
public struct OwnerKeys: Sendable {
    /// The recipient to use.
    public let xWing: Recipient
    /// For browsers without ML-KEM. A clip that is sealed to it is not safe from quantum computers.
    public let x25519: Recipient
    private let xWingKey: XWingMLKEM768X25519.PrivateKey
    private let x25519Key: Curve25519.KeyAgreement.PrivateKey

    /// Derives the keys. X-Wing: the secret is the 32-byte seed of draft-connolly-cfrg-xwing-kem-06. X25519: the
    /// private key is HKDF-SHA256(secret, no salt, "guardian/x25519/v1", 32).
    ///
    /// - Throws: `internal` when the library fails, which no secret causes.
    public init(_ secret: OwnerSecret) throws {
        do {
            xWingKey = try secret.withBytes {
                try XWingMLKEM768X25519.PrivateKey(seedRepresentation: $0, publicKey: nil)
            }
            let derived = HKDF<SHA256>.deriveKey(
                inputKeyMaterial: secret.key, info: Data("guardian/x25519/v1".utf8), outputByteCount: 32)
            x25519Key = try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: derived)
            xWing = try Recipient(kem: .xWing, publicKey: Array(xWingKey.publicKey.rawRepresentation))
            x25519 = try Recipient(kem: .x25519, publicKey: Array(x25519Key.publicKey.rawRepresentation))
        } catch {
            throw GuardianError(.internal, "The owner's keys could not be derived from the secret.", cause: error)
        }
    }

    public func recipient(_ kem: RecipientKEM) -> Recipient {
        switch kem {
        case .xWing: xWing
        case .x25519: x25519
        }
    }

    /// Decrypts what was sealed to this owner (RFC 9180, single shot); `nil` when it was not, or is damaged.
    func open(_ sealed: [UInt8], encapsulation: [UInt8], kem: RecipientKEM, info: Data) -> Data? {
        let enc = Data(encapsulation)
        let suite = Encapsulation.suite(kem)
        switch kem {
        case .xWing:
            guard
                var context = try? HPKE.Recipient(
                    privateKey: xWingKey, ciphersuite: suite, info: info, encapsulatedKey: enc)
            else { return nil }
            return try? context.open(sealed)
        case .x25519:
            guard (try? Encapsulation.contributoryKey(encapsulation)) != nil,
                var context = try? HPKE.Recipient(
                    privateKey: x25519Key, ciphersuite: suite, info: info, encapsulatedKey: enc)
            else { return nil }
            return try? context.open(sealed)
        }
    }
}

extension OwnerKeys: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "…" }
    public var debugDescription: String { "…" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
