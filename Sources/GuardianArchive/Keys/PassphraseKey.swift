import CSodium
import Crypto
import Foundation
import GuardianCore

/// The cost of trying one passphrase: Argon2id (RFC 9106) with one lane.
struct PassphraseCost: Hashable, Sendable {
    /// Passes over the memory.
    var passes: Int
    /// Bytes of memory.
    var memory: Int

    /// libsodium's `MODERATE`: about a second and 256 MiB.
    static let moderate = PassphraseCost(passes: 3, memory: 256 << 20)

    /// Whether a file may ask for this cost. Our files never have more, and more would only keep the machine busy.
    var isWithinLimits: Bool { (1...64).contains(passes) && (8192...4 << 30).contains(memory) }
}

/// Encrypts with a passphrase: Argon2id derives the key, XChaCha20-Poly1305 encrypts. Both are libsodium's.
struct PassphraseKey: Sendable {
    static let saltSize = 16
    static let nonceSize = 24
    static let tagSize = 16

    private let key: SymmetricKey

    /// Derives the key, which takes as long as the cost demands.
    ///
    /// - Throws: `resourceExhausted` when there is not enough memory, `invalidArgument` for an empty passphrase.
    init(_ passphrase: Secret<String>, salt: [UInt8], cost: PassphraseCost) throws {
        // Composed characters, so that a passphrase with accents is the same bytes from every keyboard.
        var text = passphrase.reveal().precomposedStringWithCanonicalMapping.utf8.map { CChar(bitPattern: $0) }
        defer { text.wipe() }
        guard !text.isEmpty else { throw GuardianError(.invalidArgument, "The passphrase is empty; type one.") }
        guard salt.count == Self.saltSize, cost.isWithinLimits, sodium_init() >= 0 else {
            throw GuardianError(.internal, "A passphrase could not be turned into a key.")
        }
        var bytes = [UInt8](repeating: 0, count: 32)
        defer { bytes.wipe() }
        let status = crypto_pwhash(
            &bytes, UInt64(bytes.count), text, UInt64(text.count), salt, UInt64(cost.passes), cost.memory,
            crypto_pwhash_ALG_ARGON2ID13)
        guard status == 0 else {
            throw GuardianError(
                .resourceExhausted,
                "Checking the passphrase needs \(cost.memory >> 20) MiB of memory, which is not available; close other programs."
            )
        }
        key = SymmetricKey(data: bytes)
    }

    /// Returns ciphertext and tag.
    func seal(_ plaintext: UnsafeRawBufferPointer, nonce: [UInt8], authenticating context: [UInt8]) throws -> [UInt8] {
        var sealed = [UInt8](repeating: 0, count: plaintext.count + Self.tagSize)
        let status = withKey { key in
            crypto_aead_xchacha20poly1305_ietf_encrypt(
                &sealed, nil, plaintext.bindMemory(to: UInt8.self).baseAddress, UInt64(plaintext.count), context,
                UInt64(context.count), nil, nonce, key)
        }
        guard status == 0 else { throw GuardianError(.internal, "The secret could not be locked.") }
        return sealed
    }

    /// Returns the plaintext; `nil` when the passphrase is wrong.
    func open(_ sealed: [UInt8], nonce: [UInt8], authenticating context: [UInt8]) -> [UInt8]? {
        guard sealed.count >= Self.tagSize else { return nil }
        var plaintext = [UInt8](repeating: 0, count: sealed.count - Self.tagSize)
        let status = withKey { key in
            crypto_aead_xchacha20poly1305_ietf_decrypt(
                &plaintext, nil, nil, sealed, UInt64(sealed.count), context, UInt64(context.count), nonce, key)
        }
        guard status == 0 else {
            plaintext.wipe()
            return nil
        }
        return plaintext
    }

    private func withKey(_ body: (UnsafePointer<UInt8>) -> Int32) -> Int32 {
        key.withUnsafeBytes { $0.bindMemory(to: UInt8.self).baseAddress.map(body) ?? -1 }
    }
}
