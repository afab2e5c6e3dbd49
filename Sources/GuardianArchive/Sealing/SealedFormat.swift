import Foundation

/// The numbers of a sealed clip's file, version 1.
public enum SealedFormat {
    /// "GRDN", version 1, three zero bytes.
    static let magic: [UInt8] = [0x47, 0x52, 0x44, 0x4E, 1, 0, 0, 0]
    static let signatureSize = 64
    static let macSize = 32
    /// Bytes of the header's JSON at most.
    static let headerLimit = 16_384
    /// Bytes of the recipients' JSON at most.
    static let recipientsLimit = 262_144
    /// Recipients of one clip at most.
    public static let recipientLimit = 64
    /// 0x28, salt and nonce prefix before the first segment (Tink's streaming AEAD).
    static let bodyHeaderSize = 40
    static let saltSize = 32
    static let noncePrefixSize = 7
    /// AES-GCM's tag, behind the ciphertext of every segment.
    static let tagSize = 16
    /// What our own sealer uses: a quiet second of video then costs one segment.
    public static let segmentSize = 4096
    /// Bytes that hold everything before the body, at most.
    public static let prefixLimit = 112 + headerLimit + recipientsLimit

    static let recipientsInfo = "guardian/recipients/v1"
    static let clipKeyInfo = "guardian/clip-key/v1"
}

extension [UInt8] {
    mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    /// The big-endian number at a place; `nil` when the bytes end before it does.
    func bigEndian<Value: FixedWidthInteger>(at place: Int, as type: Value.Type = Value.self) -> Value? {
        let size = Value.bitWidth / 8
        guard place >= 0, place <= count - size else { return nil }
        return self[place..<place + size].reduce(0) { $0 << 8 | Value(truncatingIfNeeded: $1) }
    }
}
