import Foundation
import GuardianCore
import GuardianOperations

/// A token that proves no more than that its bearer can read a file of the state folder, and so could read everything there:
/// it has all rights. Command lines on the same machine use it. A server makes a new one at each start.
public struct LocalToken: Sendable {
    let digest: Hash256

    /// Writes a new token to a file that only its owner can read.
    ///
    /// - Throws: `unavailable` when it cannot be written.
    public init(file: String, randomness: Randomness = .system) throws {
        let secret = TokenText.make(randomness)
        guard let digest = OpaqueSecret.digest(secret) else {
            throw GuardianError(.internal, "A token could not be made.")
        }
        self.digest = digest
        do { try Durability.replace(file, with: Array("\(secret.reveal())\n".utf8)) } catch {
            throw GuardianError(
                .unavailable, "\(file) cannot be written: check the disk and the folder's permissions.", cause: error)
        }
    }

    /// Whether a text is this token. Digests are compared, so that the time tells nothing of the token.
    func isRight(_ secret: Secret<String>) -> Bool { OpaqueSecret.digest(secret) == digest }
}
