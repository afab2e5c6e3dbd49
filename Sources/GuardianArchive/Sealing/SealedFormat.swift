import Foundation

/// The constants of the sealed clip format, version 1.
public enum SealedFormat {
    /// "GRDN", version 1, three zero bytes.
    static let magic: [UInt8] = [0x47, 0x52, 0x44, 0x4E, 1, 0, 0, 0]
    static let signatureSize = 64
    static let macSize = 32
    /// Maximum bytes of the header's JSON.
    static let headerLimit = 16_384
    /// Maximum bytes of the recipients' JSON.
    static let recipientsLimit = 262_144
    /// Maximum recipients of one clip.
    public static let recipientLimit = 64
    /// 0x28, salt and nonce prefix before the first segment (Tink's streaming AEAD).
    static let bodyHeaderSize = 40
    static let saltSize = 32
    static let noncePrefixSize = 7
    /// Size of AES-GCM's tag, which follows the ciphertext of every segment.
    static let tagSize = 16
    /// The size that our sealer uses. It is small, so that a second of video without motion needs only one segment.
    public static let segmentSize = 4096
    /// Maximum bytes of everything before the body.
    public static let prefixLimit = 112 + headerLimit + recipientsLimit

    static let recipientsInfo = "guardian/recipients/v1"
    static let clipKeyInfo = "guardian/clip-key/v1"
}

extension [UInt8] {
    mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    /// Returns the big-endian number at an offset; `nil` when the bytes end before it does.
    func bigEndian<Value: FixedWidthInteger>(at offset: Int, as type: Value.Type = Value.self) -> Value? {
        let size = Value.bitWidth / 8
        guard offset >= 0, offset <= count - size else { return nil }
        return self[offset..<offset + size].reduce(0) { $0 << 8 | Value(truncatingIfNeeded: $1) }
    }
}
