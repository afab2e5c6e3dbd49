import Foundation
import GuardianCore
import GuardianOperations
import NIOCore

/// The file of an upload; its descriptor closes with the last reference. Used by one thread at a time.
final class GrowingFile: Sendable {
    let path: String
    private let descriptor: Int32

    /// - Throws: `alreadyExists` when `creating` and the file exists, `notFound` when not `creating` and it does not.
    init(_ path: String, creating: Bool) throws {
        self.path = path
        let flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | (creating ? O_CREAT | O_EXCL : 0)
        descriptor = open(path, flags, 0o600)
        guard descriptor >= 0 else { throw FileFailure.error(errno, "An upload's file cannot be opened", path) }
    }

    deinit { close(descriptor) }

    var length: Int64 { Int64(status.st_size) }

    /// Returns whether the other path leads to this file.
    func isSameFile(as other: String) -> Bool {
        var there = stat()
        let here = status
        return lstat(other, &there) == 0 && there.st_ino == here.st_ino && there.st_dev == here.st_dev
    }

    func truncate(to length: Int64) throws {
        guard length < self.length else { return }
        guard ftruncate(descriptor, off_t(max(0, length))) == 0 else { throw failure() }
    }

    func write(_ bytes: ByteBuffer, at offset: Int64) throws {
        do {
            try bytes.withUnsafeReadableBytes { try FileBytes.write(descriptor, $0, at: offset) }
        } catch let failure as SystemFailure { throw self.failure(failure) }
    }

    /// Waits until all that was written is on the disk.
    func sync() throws {
        guard fsync(descriptor) == 0 else { throw failure() }
    }

    private var status: stat {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status : stat()
    }

    private func failure(_ failure: SystemFailure = .last) -> GuardianError {
        FileFailure.error(failure.number, "An upload cannot be written", path)
    }
}
