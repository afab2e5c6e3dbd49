import Crypto
import Foundation
import GuardianCore

/// The key of one file: 32 random bytes, used once. All keys that encrypt or authenticate are derived from it by
/// HKDF-SHA256. Its memory is wiped with the last copy.
struct ClipKey: Sendable {
    static let size = 32

    let key: SymmetricKey

    init() { key = SymmetricKey(size: .bits256) }

    /// `nil` unless there are exactly 32 bytes.
    init?(bytes: some ContiguousBytes) {
        key = SymmetricKey(data: bytes)
        guard key.bitCount == Self.size * 8 else { return nil }
    }

    /// The hash in the header.
    var hash: Hash256 {
        let derived = derive(SealedFormat.clipKeyInfo)
        // nosemgrep: swift-forced -- `derive` asks HKDF for 32 bytes, and gets as many as it asks for
        guard let hash = derived.withUnsafeBytes({ Hash256(bytes: $0) }) else { preconditionFailure("asked for 32") }
        return hash
    }

    /// Returns the HMAC-SHA256 over everything before the body.
    func mac(of bytes: some DataProtocol) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: bytes, using: derive(SealedFormat.recipientsInfo)))
    }

    func isMAC(_ mac: [UInt8], of bytes: some DataProtocol) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(
            mac, authenticating: bytes, using: derive(SealedFormat.recipientsInfo))
    }

    /// Returns the cipher of a body that begins with this salt and nonce prefix.
    func segments(salt: [UInt8], noncePrefix: [UInt8], bind: Hash256) -> SegmentCipher {
        SegmentCipher(
            key: HKDF<SHA256>.deriveKey(
                inputKeyMaterial: key, salt: salt, info: bind.bytes, outputByteCount: 32),
            noncePrefix: noncePrefix)
    }

    private func derive(_ info: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Data(info.utf8), outputByteCount: 32)
    }
}
