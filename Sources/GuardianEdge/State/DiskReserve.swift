import Foundation
import GuardianCore

/// A file that holds some megabytes of the state's disk. When the disk is full, it is given up, so that the journal can
/// record the deletions that make room, and what happens meanwhile.
public struct DiskReserve: Sendable {
    /// Bytes: some ten thousand entries of the journal with their indexes.
    static let size: Int64 = 32 << 20

    private let path: String

    public init(path: String) { self.path = path }

    /// Deletes the file if a database could not be opened for lack of space: it needs a log and an index of the log.
    func releaseIfFull() {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        if let space = try? DiskSpace(of: folder), space.free < Self.size / 4 { _ = release() }
    }

    /// Deletes the file.
    ///
    /// - Returns: whether that freed anything.
    func release() -> Bool { unlink(path) == 0 }

    /// Creates the file again if it is missing and more than `keepFree` bytes and its own size are free.
    func restore(keepFree: Int64) {
        var status = stat()
        guard stat(path, &status) != 0 else { return }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        guard let space = try? DiskSpace(of: folder), space.free > keepFree + Self.size else { return }
        let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        if posix_fallocate(descriptor, 0, Int(Self.size)) != 0 { unlink(path) }
    }
}
