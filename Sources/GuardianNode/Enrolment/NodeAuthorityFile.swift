import Foundation
import GuardianCore
import GuardianHTTP
import GuardianOperations
import GuardianWire

/// The file with the node's own authority: certificate and private key, mode 0600.
package struct NodeAuthorityFile: Sendable {
    package let path: String

    /// Twenty years: edges know it by its fingerprint, and every one would have to be told of another.
    private static let days = 7305

    /// - Parameter state: the node's state folder.
    package init(state: String) { path = "\(state)/node-authority.pem" }

    /// Reads the authority, or makes it: of two processes that make it at once, one succeeds, and both use that one.
    ///
    /// - Throws: `dataLoss` when the file is damaged, which is never replaced by itself; `permissionDenied` when others may read it.
    package func open(clock: any WallClock = SystemClock()) throws -> CertificateAuthority {
        if let authority = try read(clock) { return authority }
        let made = try CertificateAuthority(name: "Guardian node", days: Self.days, clock: clock)
        let text = try made.credential().combined
        do throws(SystemFailure) { try Durability.create(path, with: Array(text.reveal().utf8)) } catch {
            guard error.number == EEXIST else {
                throw GuardianError(error.code, "\(path) cannot be written (\(error)): check its folder and disk.")
            }
        }
        guard let authority = try read(clock) else {
            throw GuardianError(.unavailable, "\(path) was removed just now; try again.")
        }
        return authority
    }

    private func read(_ clock: any WallClock) throws -> CertificateAuthority? {
        guard let bytes = try PEMFile.read(path, what: "node's authority", isKey: true) else { return nil }
        guard let credential = Credential(combined: Secret(String(decoding: bytes, as: UTF8.self))) else {
            throw GuardianError(.dataLoss, "\(path) is damaged; restore it from a backup.")
        }
        return try CertificateAuthority(credential, clock: clock)
    }
}
