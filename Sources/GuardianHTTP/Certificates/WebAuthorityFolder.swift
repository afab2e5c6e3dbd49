import Crypto
import Foundation
import GuardianCore
import GuardianOperations

/// The folder of the installation's web authority. Several processes may use it at once: each locks it while it looks for the
/// authority or makes it.
///
/// `authority.pem` is what people install on their devices, `authority-key.pem` its key, `NAME.pem` the certificate and key of the
/// server with that name.
package struct WebAuthorityFolder: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    package var certificate: String { "\(path)/authority.pem" }
    private var key: String { "\(path)/authority-key.pem" }

    /// The file of a server's certificate and key.
    package func server(_ name: String) -> String { "\(path)/\(name).pem" }

    /// What `open` found and did.
    package struct Opened: Sendable {
        package let authority: WebAuthority
        /// The files that were damaged, under the names that they have now.
        package let setAside: [String]
        package let isNew: Bool
    }

    /// Reads the authority, or makes what is missing of it.
    ///
    /// A damaged file is renamed, never removed. With its key, the authority keeps its name when its certificate has to be made
    /// again, and devices go on trusting it; without its key, another authority begins.
    ///
    /// - Throws: `permission_denied` when the folder or a file cannot be read or written, or others may read the key;
    ///   `unavailable` and others when the disk does not work.
    package func open(machine: Machine, names: CertifiedNames, now: Timestamp) throws -> Opened {
        try PrivateFolder.create(path)
        return try locked {
            var setAside: [String] = []
            let known = try readKey()
            if known == nil, try PEMFile.read(key, what: "web authority's key", isKey: false) != nil {
                setAside.append(try rename(key, now))
            }
            let pem = try PEMFile.read(certificate, what: "web authority's certificate", isKey: false)
            if let known, let pem, let authority = try? WebAuthority(certificatePEM: pem, key: known) {
                return Opened(authority: authority, setAside: setAside, isNew: false)
            }
            if pem != nil { setAside.append(try rename(certificate, now)) }
            let key = try known ?? makeKey()
            let authority = try WebAuthority(key: key, machine: machine, names: names, now: now)
            try create(certificate, try authority.certificatePEM(), mode: 0o644)
            return Opened(authority: authority, setAside: setAside, isNew: true)
        }
    }

    /// `nil` when there is no key, or it is damaged.
    private func readKey() throws -> P256.Signing.PrivateKey? {
        guard let pem = try PEMFile.read(key, what: "web authority's key", isKey: true) else { return nil }
        return try? P256.Signing.PrivateKey(pemRepresentation: String(decoding: pem, as: UTF8.self))
    }

    private func makeKey() throws -> P256.Signing.PrivateKey {
        let made = P256.Signing.PrivateKey()
        try create(key, made.pemRepresentation + "\n", mode: 0o600)
        return made
    }

    private func create(_ file: String, _ text: String, mode: mode_t) throws {
        do throws(SystemFailure) { try Durability.create(file, with: text.utf8, mode: mode) } catch {
            throw GuardianError(error.code, "\(file) cannot be written (\(error)): check its folder and disk.")
        }
    }

    private func rename(_ file: String, _ now: Timestamp) throws -> String {
        let aside = "\(file).damaged-\(now.milliseconds)"
        // A link fails where a file is, which `rename` would replace.
        guard link(file, aside) == 0, unlink(file) == 0 else {
            let failure = SystemFailure.last
            throw GuardianError(failure.code, "\(file) is damaged and cannot be renamed (\(failure)).")
        }
        Durability.syncFolder(of: file)
        return aside
    }

    /// Others wait meanwhile; the kernel releases the lock however the process ends.
    private func locked<Result>(_ body: () throws -> Result) throws -> Result {
        let descriptor = Foundation.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw GuardianError(SystemFailure.last.code, "The folder \(path) cannot be read: give it to this user.")
        }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            let failure = SystemFailure.last
            guard failure.number == EINTR else {
                throw GuardianError(failure.code, "The folder \(path) cannot be locked (\(failure)).")
            }
        }
        return try body()
    }
}
