import Crypto
import Foundation

/// What an authenticator says about itself and the person before it (WebAuthn Level 2, 6.1).
package struct AuthenticatorData: Sendable {
    /// SHA-256 of the relying party's identifier.
    let relyingPartyHash: [UInt8]
    let isPersonPresent: Bool
    /// Whether the authenticator recognised the person, by a PIN, a finger or a face.
    let isPersonVerified: Bool
    let counter: UInt32
    /// Only where a passkey was made.
    let made: MadeCredential?

    struct MadeCredential: Sendable {
        let id: [UInt8]
        let key: PasskeyKey
    }

    private enum Flags {
        static let present: UInt8 = 0x01
        static let verified: UInt8 = 0x04
        static let hasCredential: UInt8 = 0x40
        static let hasExtensions: UInt8 = 0x80
    }

    private static let hashSize = 32
    /// Hash, flags and counter.
    private static let headSize = 37
    /// The authenticator's model, which is not looked at.
    private static let modelSize = 16
    /// Bytes of a credential's identifier (WebAuthn Level 2, 7.1, 18).
    static let credentialSizes = 1...1023

    /// `nil` when the bytes are not in this form, or of another key than ours.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.headSize else { return nil }
        relyingPartyHash = Array(bytes.prefix(Self.hashSize))
        let flags = bytes[Self.hashSize]
        isPersonPresent = flags & Flags.present != 0
        isPersonVerified = flags & Flags.verified != 0
        counter = bytes[33..<Self.headSize].reduce(0) { $0 << 8 | UInt32($1) }
        var rest = bytes[Self.headSize...]
        if flags & Flags.hasCredential != 0 {
            guard let (made, after) = Self.credential(in: rest) else { return nil }
            (self.made, rest) = (made, after)
        } else {
            made = nil
        }
        if flags & Flags.hasExtensions != 0 {
            guard let (extensions, after) = try? CBORReader.prefix(of: rest), extensions.pairs != nil else {
                return nil
            }
            rest = after
        }
        guard rest.isEmpty else { return nil }
    }

    /// Whether the authenticator spoke to this relying party, with a person before it whom it recognised.
    func isOfVerifiedPerson(at relyingParty: RelyingParty) -> Bool {
        isPersonPresent && isPersonVerified
            && relyingPartyHash == Array(SHA256.hash(data: Data(relyingParty.id.utf8)))
    }

    private static func credential(in bytes: ArraySlice<UInt8>) -> (MadeCredential, ArraySlice<UInt8>)? {
        let rest = bytes.dropFirst(modelSize)
        guard rest.count >= 2 else { return nil }
        let size = Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1])
        let id = rest.dropFirst(2).prefix(size)
        guard credentialSizes.contains(size), id.count == size,
            let (cose, after) = try? CBORReader.prefix(of: rest[id.endIndex...]), let key = PasskeyKey(cose: cose)
        else { return nil }
        return (MadeCredential(id: Array(id), key: key), after)
    }
}

extension AuthenticatorData {
    /// Bytes of an attestation that are looked at.
    static let attestationLimit = 16 * 1024

    /// Reads an attestation object (WebAuthn Level 2, 6.5.4).
    ///
    /// Its statement is not verified: it says which model of authenticator made the passkey, and every model is let in. We ask
    /// browsers to leave it out (`none`); one that is there all the same is passed over.
    package init?(attestation bytes: [UInt8]) {
        guard bytes.count <= Self.attestationLimit, let object = try? CBORReader.value(of: bytes[...]),
            let pairs = object.pairs, case .text? = pairs["fmt"], case .map? = pairs["attStmt"],
            let data = pairs["authData"]?.byteString
        else { return nil }
        self.init(data)
    }
}
