import Crypto
import GuardianCore

/// Names a recipient in a sealed clip: the first 8 bytes of the SHA-256 of the public key. It only tells which stanza
/// to try first, and proves nothing.
public struct RecipientKeyID: Hashable, Sendable {
    static let size = 8

    public let bytes: [UInt8]

    init(of publicKey: [UInt8]) { bytes = Array(SHA256.hash(data: publicKey).prefix(Self.size)) }

    /// `nil` unless there are exactly 8 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.size else { return nil }
        self.bytes = bytes
    }

    /// Parses the 11 characters of base64url; `nil` when it is anything else.
    public init?(_ text: String) {
        guard let bytes = Base64URL.decode(Array(text.utf8)) else { return nil }
        self.init(bytes: bytes)
    }

    /// Unpadded base64url, 11 characters.
    public var text: String { Base64URL.encode(bytes) }
}

extension RecipientKeyID: CustomStringConvertible {
    public var description: String { text }
}
