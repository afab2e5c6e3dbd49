import Foundation
import GuardianCore

/// Describes one sealed file, as the journal's `clip sealed` entry stores it.
///
/// "Lasting" bytes are those that `reseal` does not change: the signed header and the body. They exclude the
/// recipients' length, their JSON and the MAC (`SealedPrefix.recipientsRange`), so that the journal stays valid when a
/// recipient is added years later.
public struct SealedRecord: Hashable, Sendable {
    public var subject: UUID
    public var part: Int
    /// SHA-256 of the header and its signature.
    public var bind: Hash256
    /// Whether the file has its last segment; if not, it is interrupted.
    public var isComplete: Bool
    /// Bytes of plaintext in the file.
    public var plaintextLength: Int64
    /// Bytes of the file as it was sealed; `reseal` may change the length.
    public var sealedLength: Int64
    /// Number of lasting bytes.
    public var lastingLength: Int64
    /// SHA-256 of the lasting bytes.
    public var lastingHash: Hash256

    public init(
        subject: UUID, part: Int, bind: Hash256, isComplete: Bool, plaintextLength: Int64, sealedLength: Int64,
        lastingLength: Int64, lastingHash: Hash256
    ) {
        self.subject = subject
        self.part = part
        self.bind = bind
        self.isComplete = isComplete
        self.plaintextLength = plaintextLength
        self.sealedLength = sealedLength
        self.lastingLength = lastingLength
        self.lastingHash = lastingHash
    }
}
