import Foundation
import GuardianCore

/// A folder of a server's state, which no other user can read.
package enum OwnFolder {
    /// Makes the folder, with those above it, unless it is there.
    ///
    /// - Throws: `failedPrecondition` when it cannot be made.
    package static func make(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw GuardianError(
                .failedPrecondition, "The folder \(path) cannot be made; check its owner.", cause: error)
        }
    }
}
