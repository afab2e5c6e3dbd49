import Crypto
import Foundation
import GuardianCore
import GuardianIdentity

/// The ids of event streams: positions of the journal, which counts the changes of all cameras.
///
/// Whoever sees some cameras only gets them encrypted (AES-GCM, NIST SP 800-38D): from two positions they would learn how much
/// happened at the others meanwhile. Each is bound to the account, and made with a new random nonce, so that equal ones differ.
/// Positions as plain numbers are not read from them either: by trying which of them brings an event again they would be found out.
package struct EventPositionSeal: Sendable {
    /// Digits of an encrypted position: 12 bytes of nonce, 8 of position and 16 of tag in Base64url.
    package static let digits = 48

    private let key: SymmetricKey
    private let owner: [UInt8]
    private let isPlain: Bool
    private let randomness: Randomness

    package init(_ key: Secret<[UInt8]>, for principal: Principal, randomness: Randomness = .system) {
        self.key = SymmetricKey(data: key.reveal())
        owner = Array((principal.account?.description ?? "").utf8)
        isPlain = principal.cameras == .all
        self.randomness = randomness
    }

    /// Returns the id that stands for a position.
    ///
    /// - Throws: what encrypting throws.
    package func id(of position: Int64) throws -> String {
        guard !isPlain else { return "\(position)" }
        let bytes = withUnsafeBytes(of: position.bigEndian) { Array($0) }
        let nonce = try AES.GCM.Nonce(data: randomness.bytes(12))
        let box = try AES.GCM.seal(bytes, using: key, nonce: nonce, authenticating: owner)
        return Base64URL.encode(Array(box.nonce) + box.ciphertext + box.tag)
    }

    /// Returns the position that an id stands for; `nil` for an id of somebody else, of other rights or of another server.
    package func position(of id: String) -> Int64? {
        // The beginning says nothing of what happened.
        if let number = Int64(id) { return isPlain || number == 0 ? number : nil }
        guard id.utf8.count == Self.digits, let bytes = Base64URL.decode(id.utf8),
            let box = try? AES.GCM.SealedBox(combined: bytes),
            let plain = try? AES.GCM.open(box, using: key, authenticating: owner), plain.count == 8
        else { return nil }
        return plain.reduce(0) { $0 << 8 | Int64($1) }
    }
}
