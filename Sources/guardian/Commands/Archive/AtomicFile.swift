import Crypto
import Foundation
import GuardianCore

/// A file that is written under a temporary name and renamed when it is complete and synced. The temporary file is
/// removed when writing fails.
final class AtomicFile {
    private let path: String
    private let temporary: String
    private let file: FileHandle
    private var isCommitted = false
    private var hash = SHA256()

    /// - Throws: `failedPrecondition` when the file cannot be created, or when `path` exists and is not a regular file.
    init(_ path: String) throws {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw GuardianError(.failedPrecondition, "\(path) exists and is not a regular file: choose another name.")
        }
        self.path = path
        let temporary = "\(path).\(UUID().uuidString.prefix(8)).part"
        let descriptor = open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw GuardianError(
                .failedPrecondition, "\(path) cannot be written (\(String(cString: strerror(errno)))).")
        }
        self.temporary = temporary
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// SHA-256 of the bytes written so far.
    var sha256: Hash256? { Hash256(bytes: hash.finalize()) }

    func append(_ bytes: [UInt8]) throws {
        hash.update(data: bytes)
        do { try file.write(contentsOf: Data(bytes)) } catch {
            throw GuardianError(
                .resourceExhausted, "\(path) could not be written: free some disk space.", cause: error)
        }
    }

    /// Syncs the file and renames it; an existing file is replaced.
    func commit() throws {
        do { try file.synchronize() } catch {
            throw GuardianError(.resourceExhausted, "\(path) could not be saved: free some disk space.", cause: error)
        }
        guard rename(temporary, path) == 0 else {
            throw GuardianError(.failedPrecondition, "\(path) cannot be written (\(String(cString: strerror(errno)))).")
        }
        isCommitted = true
    }

    deinit { if !isCommitted { unlink(temporary) } }
}
