import Foundation
import GuardianCore

/// What is known of one sealed file, as the journal's `clip sealed` entry keeps it.
///
/// "Lasting" is every byte that `reseal` leaves alone: the signed header, and the body. Out are the recipients' length,
/// their JSON and the code over it (`SealedPrefix.recipientsRange`), so that adding a recipient years later leaves the
/// journal right.
public struct SealedRecord: Hashable, Sendable {
    public var subject: UUID
    public var part: Int
    /// SHA-256 of the header and its signature.
    public var bind: Hash256
    /// Whether the file has its last segment; without it, it counts as interrupted.
    public var isComplete: Bool
    /// Bytes of plaintext in the file.
    public var plaintextLength: Int64
    /// Bytes of the file as it was sealed; others after a `reseal`.
    public var sealedLength: Int64
    /// Bytes of the file without the recipients'.
    public var lastingLength: Int64
    /// SHA-256 of the file without the recipients' bytes.
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
