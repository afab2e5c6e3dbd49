import Crypto
import Foundation
import GuardianCore
import GuardianOperations

/// An append-only file that is hashed while it is written. Used by one thread at a time.
final class AppendOnlyFile {
    private var descriptor: Int32
    private var hash = SHA256()
    private let name: String
    /// Bytes written.
    private(set) var size: Int64 = 0

    /// Creates the file and its parent folders. Throws `alreadyExists` when the file exists.
    init(creating url: URL) throws {
        name = url.lastPathComponent
        let folder = url.deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw GuardianError.disk(errno, "Creating the folder \(folder.path)")
        }
        descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw GuardianError.disk(errno, "Creating the file \(name)") }
        Durability.syncFolder(of: url.path)
    }

    deinit { if descriptor >= 0 { Foundation.close(descriptor) } }

    /// Appends all of `bytes` or nothing: on an error, such as a full disk, the file is truncated to its previous size.
    func append(_ bytes: [UInt8]) throws {
        guard descriptor >= 0 else { throw GuardianError(.failedPrecondition, "The file \(name) is closed.") }
        do {
            try bytes.withUnsafeBytes { try FileBytes.append(descriptor, $0) }
        } catch let failure as SystemFailure {
            ftruncate(descriptor, off_t(size))
            throw GuardianError.disk(failure.number, "Writing the file \(name)")
        }
        size += Int64(bytes.count)
        hash.update(data: bytes)
    }

    /// Syncs the written bytes to the disk.
    func sync() throws {
        guard descriptor >= 0 else { return }
        guard fdatasync(descriptor) == 0 else { throw GuardianError.disk(errno, "Saving the file \(name)") }
    }

    /// Syncs and closes the file; returns its hash.
    func close() throws -> Hash256 {
        guard descriptor >= 0 else { throw GuardianError(.failedPrecondition, "The file \(name) is closed.") }
        let code = fsync(descriptor) == 0 ? 0 : errno
        Foundation.close(descriptor)
        descriptor = -1
        guard code == 0 else { throw GuardianError.disk(code, "Saving the file \(name)") }
        return Hash256(digest: hash.finalize())
    }
}

extension GuardianError {
    /// Returns the error for a system call on a file that failed with `code` (an errno).
    static func disk(_ code: Int32, _ doing: String) -> GuardianError {
        let failure = SystemFailure(code)
        return GuardianError(failure.code, "\(doing) failed: \(failure).", context: ["errno": "\(code)"])
    }
}
