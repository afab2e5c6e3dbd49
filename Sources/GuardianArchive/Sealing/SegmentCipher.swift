import Crypto
import Foundation
import GuardianCore

/// Opens the segments of one body: AES-256-GCM (Tink's streaming AEAD). The nonce is 7 random bytes, the segment's
/// number in 4 bytes, and 1 for the last segment or 0.
struct SegmentCipher: Sendable {
    let key: SymmetricKey
    let noncePrefix: [UInt8]

    /// Decrypts a segment; `nil` when it is not the one that was sealed with this number and this `isLast`.
    func open(_ sealed: ArraySlice<UInt8>, segment: UInt32, isLast: Bool) -> Data? {
        guard sealed.count >= SealedFormat.tagSize,
            let box = try? AES.GCM.SealedBox(
                nonce: nonce(segment, isLast), ciphertext: sealed.dropLast(SealedFormat.tagSize),
                tag: sealed.suffix(SealedFormat.tagSize))
        else { return nil }
        return try? AES.GCM.open(box, using: key)
    }

    private func nonce(_ segment: UInt32, _ isLast: Bool) throws -> AES.GCM.Nonce {
        var bytes = noncePrefix
        bytes.append(bigEndian: segment)
        bytes.append(isLast ? 1 : 0)
        return try AES.GCM.Nonce(data: bytes)
    }
}
