import Crypto
import Foundation
import GuardianCore

/// Someone to whom clips are sealed: a public key. It is typed in at the edge itself and never taken from the node, who
/// could otherwise put its own in.
public struct Recipient: Hashable, Sendable {
    public let kem: RecipientKEM
    /// 1,216 bytes for X-Wing (ML-KEM's before X25519's), 32 for X25519.
    public let publicKey: [UInt8]
    public let keyID: RecipientKeyID

    /// - Throws: `invalidArgument` when nothing can be sealed to such a key.
    public init(kem: RecipientKEM, publicKey: [UInt8]) throws {
        self.kem = kem
        self.publicKey = publicKey
        keyID = RecipientKeyID(of: publicKey)
        // Better told when the configuration is read than when the first event is to be sealed.
        do { _ = try Encapsulation.seal([0], to: self, info: Data()) } catch {
            throw GuardianError(
                .invalidArgument, "This is no \(kem.rawValue) public key; copy the recipient's line anew.",
                cause: error)
        }
    }
}
