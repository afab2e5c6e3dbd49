import Foundation
import GuardianCore
import GuardianOperations

/// Reads the small text files that hold certificates and keys.
package enum PEMFile {
    /// More than any chain of certificates.
    private static let limit = 1_048_576

    /// Returns the file's bytes; `nil` when there is no such file.
    ///
    /// - Throws: `permission_denied` when it cannot be read, or is a key that others may read; `failed_precondition` when it is
    ///   longer than 1 MiB or no regular file.
    package static func read(_ path: String, what: String, isKey: Bool) throws -> [UInt8]? {
        // Without O_NONBLOCK, opening a pipe would wait for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let failure = SystemFailure.last
            guard failure.code != .notFound else { return nil }
            throw GuardianError(
                failure.code, "The \(what) \(path) cannot be read (\(failure)): check the path and its owner.")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else {
            throw GuardianError(.failedPrecondition, "The \(what) \(path) is no PEM file: check the path.")
        }
        if isKey, status.st_mode & 0o077 != 0 {
            throw GuardianError(.permissionDenied, "Others may read the \(what) \(path); run `chmod 600` on it.")
        }
        do throws(SystemFailure) { return try FileBytes.read(descriptor, at: 0, count: limit) } catch {
            throw GuardianError(error.code, "The \(what) \(path) cannot be read (\(error)): check its disk.")
        }
    }
}
