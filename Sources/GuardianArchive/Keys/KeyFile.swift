import Foundation
import GuardianCore

/// A file with a secret under a passphrase: one line (see `LockedSecret`), readable by its owner only.
public enum LockedKeyFile {
    /// - Throws: `alreadyExists` rather than write over another, `failedPrecondition` when the file cannot be written,
    ///   and what locking throws.
    public static func write(_ secret: OwnerSecret, passphrase: Secret<String>, to path: String) throws {
        let line = try LockedSecret(secret, passphrase: passphrase).text + "\n"
        let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let code = errno
            if code == EEXIST {
                throw GuardianError(
                    .alreadyExists, "\(path) is there already; it may hold another secret. Name another file.")
            }
            throw GuardianError(.failedPrecondition, "\(path) cannot be written (\(String(cString: strerror(code)))).")
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: Data(line.utf8))
            try file.synchronize()
        } catch {
            unlink(path)
            throw GuardianError(.failedPrecondition, "\(path) could not be written.", cause: error)
        }
    }

    /// - Throws: `notFound` or `failedPrecondition` when there is no such file to read, `invalidArgument` when it is
    ///   something else, `dataLoss` when it is damaged, `permissionDenied` when the passphrase is wrong.
    public static func read(_ path: String, passphrase: Secret<String>) throws -> OwnerSecret {
        guard let file = FileHandle(forReadingAtPath: path) else {
            let isThere = FileManager.default.fileExists(atPath: path)
            throw GuardianError(
                isThere ? .failedPrecondition : .notFound,
                isThere ? "\(path) cannot be read; check its owner." : "There is no file \(path).")
        }
        let bytes = try file.read(upToCount: 1024) ?? Data()
        return try LockedSecret(text: String(decoding: bytes, as: UTF8.self)).unlock(passphrase)
    }
}
