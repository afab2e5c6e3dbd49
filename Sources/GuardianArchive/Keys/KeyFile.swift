import Foundation
import GuardianCore

/// An owner's key file: the recipients, which are public, and optionally the secret, encrypted with a passphrase. One
/// line each, in any order; empty lines and lines that begin with `#` are ignored.
public struct KeyFile: Hashable, Sendable {
    public var recipients: [Recipient]
    /// `nil` when the secret is on paper only.
    public var secret: LockedSecret?

    public init(recipients: [Recipient], secret: LockedSecret? = nil) {
        self.recipients = recipients
        self.secret = secret
    }

    /// - Throws: `invalidArgument` for a line of any other kind, and for two secrets; `dataLoss` when the secret's line
    ///   is damaged.
    public init(text: String) throws {
        recipients = []
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard line.hasPrefix(LockedSecret.prefix) else {
                recipients.append(try Recipient(text: line))
                continue
            }
            guard secret == nil else {
                throw GuardianError(.invalidArgument, "The key file holds two secrets; keep each in a file of its own.")
            }
            secret = try LockedSecret(text: line)
        }
    }

    public var text: String {
        var lines = ["# Recipients: public keys. They go into the edge's configuration."] + recipients.map(\.text)
        if let secret {
            lines += ["# The secret, under its passphrase. Whoever has both opens every clip.", secret.text]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Writes a file that only its owner may read.
    ///
    /// - Throws: `alreadyExists` instead of overwriting a file, `failedPrecondition` when it cannot be written.
    public func write(to path: String) throws {
        let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let code = errno
            if code == EEXIST {
                throw GuardianError(
                    .alreadyExists, "\(path) already exists and may hold another secret; choose another file.")
            }
            throw GuardianError(.failedPrecondition, "\(path) cannot be written (\(String(cString: strerror(code)))).")
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: Data(text.utf8))
            try file.synchronize()
        } catch {
            unlink(path)
            throw GuardianError(.failedPrecondition, "\(path) could not be written.", cause: error)
        }
    }

    /// - Throws: `notFound` or `failedPrecondition` when there is no such file to read, and what `init(text:)` throws.
    public static func read(_ path: String) throws -> KeyFile {
        guard let file = FileHandle(forReadingAtPath: path) else {
            let isThere = FileManager.default.fileExists(atPath: path)
            throw GuardianError(
                isThere ? .failedPrecondition : .notFound,
                isThere ? "\(path) cannot be read; check its owner." : "There is no file \(path).")
        }
        let bytes = try file.read(upToCount: 256 * 1024) ?? Data()
        return try KeyFile(text: String(decoding: bytes, as: UTF8.self))
    }

    /// Decrypts the secret.
    ///
    /// - Throws: `failedPrecondition` when the file has no secret, and what `LockedSecret.unlock` throws.
    public func unlock(_ passphrase: Secret<String>) throws -> OwnerSecret {
        guard let secret else {
            throw GuardianError(
                .failedPrecondition,
                "The key file holds recipients only: it was made without a passphrase. Use the recovery code instead.")
        }
        return try secret.unlock(passphrase)
    }
}
