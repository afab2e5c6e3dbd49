import Crypto
import Foundation
import GuardianCore

/// A file that gets its name only when it is whole and on the disk: until then it stands beside that name, and goes when
/// writing fails.
final class WholeFile {
    private let path: String
    private let temporary: String
    private let file: FileHandle
    private var isPlaced = false
    private var hash = SHA256()

    /// - Throws: `failedPrecondition` when it cannot be written there, or when something stands there that is no plain
    ///   file.
    init(_ path: String) throws {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw GuardianError(.failedPrecondition, "\(path) is there and no plain file; name another one.")
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

    /// SHA-256 of what was written so far.
    var sha256: Hash256? { Hash256(bytes: hash.finalize()) }

    func append(_ bytes: [UInt8]) throws {
        hash.update(data: bytes)
        do { try file.write(contentsOf: Data(bytes)) } catch {
            throw GuardianError(
                .resourceExhausted, "\(path) could not be written; make room on the disk.", cause: error)
        }
    }

    /// Gives the file its name; one that had it before is replaced.
    func place() throws {
        do { try file.synchronize() } catch {
            throw GuardianError(.resourceExhausted, "\(path) could not be saved; make room on the disk.", cause: error)
        }
        guard rename(temporary, path) == 0 else {
            throw GuardianError(.failedPrecondition, "\(path) cannot be written (\(String(cString: strerror(errno)))).")
        }
        isPlaced = true
    }

    deinit { if !isPlaced { unlink(temporary) } }
}
