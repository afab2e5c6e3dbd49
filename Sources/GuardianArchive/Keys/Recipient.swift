import Crypto
import Foundation
import GuardianCore

/// A public key to which clips are sealed. It comes from the edge itself, its configuration or its owners, and is never accepted
/// from the node, which could otherwise add a key of its own.
public struct Recipient: Hashable, Sendable {
    public let kem: RecipientKEM
    /// 1,216 bytes for X-Wing (ML-KEM's before X25519's), 32 for X25519.
    public let publicKey: [UInt8]
    public let keyID: RecipientKeyID

    /// - Throws: `invalidArgument` when the key cannot be used.
    public init(kem: RecipientKEM, publicKey: [UInt8]) throws {
        self.kem = kem
        self.publicKey = publicKey
        keyID = RecipientKeyID(of: publicKey)
        // Fails when the configuration is read, not when the first event is sealed.
        do { _ = try Encapsulation.seal([0], to: self, info: Data()) } catch {
            throw GuardianError(
                .invalidArgument, "The key is not a \(kem.rawValue) public key; copy the recipient's line again.",
                cause: error)
        }
    }
}
