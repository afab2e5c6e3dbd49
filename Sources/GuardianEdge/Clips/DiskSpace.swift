import Foundation
import GuardianCore

/// Capacity and free space of the disk of a folder, in bytes.
public struct DiskSpace: Sendable, Hashable {
    public var capacity: Int64
    /// Bytes that an unprivileged process may still write.
    public var free: Int64

    public init(capacity: Int64, free: Int64) {
        self.capacity = capacity
        self.free = free
    }

    /// Reads the space with `statvfs`.
    ///
    /// - Throws: `notFound` when the folder does not exist.
    public init(of folder: String) throws {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else {
            throw GuardianError(
                .notFound,
                "The free space of the disk of \(folder) cannot be read: \(String(cString: strerror(errno))).")
        }
        let block = Int64(clamping: status.f_frsize)
        capacity = block * Int64(clamping: status.f_blocks)
        free = block * Int64(clamping: status.f_bavail)
    }
}
