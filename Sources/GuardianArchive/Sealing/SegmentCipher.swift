import Crypto
import Foundation
import GuardianCore

/// AES-256-GCM over the segments of one body (Tink's streaming AEAD): nonce = 7 random bytes, the segment's number in
/// 4, and 1 for the last segment or 0.
struct SegmentCipher: Sendable {
    let key: SymmetricKey
    let noncePrefix: [UInt8]

    /// Ciphertext and tag, put behind `sealed`.
    func seal(_ plaintext: UnsafeRawBufferPointer, segment: UInt32, isLast: Bool, into sealed: inout [UInt8]) throws {
        let box = try AES.GCM.seal(plaintext, using: key, nonce: nonce(segment, isLast))
        // One copy of what the library put together, without the nonce in front.
        if let combined = box.combined { sealed += combined.dropFirst(12) }
    }

    /// `nil` when the segment is not what was sealed in that place.
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

    /// Goes the way of a key once more, with one that is worth nothing: swift-crypto gives the memory of AES's key
    /// schedule (whose beginning is the key) and of HKDF's last block back unwiped, and the same steps take the same
    /// places. It reaches this thread's only; another's hold a trace until that thread next seals anything.
    static func overwriteTraces(bind: Hash256) {
        let worthless = ClipKey().segments(
            salt: [UInt8](repeating: 0, count: SealedFormat.saltSize),
            noncePrefix: [UInt8](repeating: 0, count: SealedFormat.noncePrefixSize), bind: bind)
        var sealed: [UInt8] = []
        // A failure would leave a trace, and nobody could do anything about it.
        try? [UInt8](repeating: 0, count: 64).withUnsafeBytes {
            try worthless.seal($0, segment: 0, isLast: true, into: &sealed)
        }
    }
}
