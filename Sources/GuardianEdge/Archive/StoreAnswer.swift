import GuardianCore
import GuardianWire

/// The node's answer about a part, checked: a node may be somebody else's.
package enum StoreAnswer: Sendable, Hashable {
    /// Bytes of the part that the node holds durably.
    case durable(Int64)
    case stored(objectKey: String, size: Int64, isInterrupted: Bool)
    /// The node accepts no more of the part.
    case interrupted(size: Int64)
    case refused(String, forGood: Bool)

    /// Bytes of an object's key, as S3 limits it.
    private static let keyLimit = 1_024

    /// `nil` for a kind of answer that this version does not know.
    ///
    /// - Throws: `internal` when a length or key is impossible.
    package init?(_ wire: Guardian_V1_StoreReply) throws {
        switch wire.kind {
        case .durable(let size): self = .durable(try Self.length(size))
        case .receipt(let receipt):
            guard receipt.objectKey.utf8.count <= Self.keyLimit else { throw Self.impossible }
            self = .stored(
                objectKey: receipt.objectKey, size: try Self.length(receipt.size), isInterrupted: receipt.interrupted)
        case .interruption(let interruption): self = .interrupted(size: try Self.length(interruption.size))
        case .refusal(let refusal):
            self = .refused(PeerText.bounded(refusal.detail), forGood: refusal.reason == .invalid)
        case nil: return nil
        }
    }

    private static func length(_ size: UInt64) throws -> Int64 {
        guard let length = Plausible.fileSize.checked(size) else { throw impossible }
        return length
    }

    private static var impossible: GuardianError {
        GuardianError(.internal, "The node's answer about a part is impossible.")
    }
}
