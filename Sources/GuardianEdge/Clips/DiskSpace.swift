import Foundation
import GuardianCore

/// Bytes of the disk that holds a folder.
public struct DiskSpace: Sendable, Hashable {
    public var capacity: Int64
    /// That a process without privileges may still write.
    public var free: Int64

    public init(capacity: Int64, free: Int64) {
        self.capacity = capacity
        self.free = free
    }

    /// Asks the file system. Throws `notFound` when there is no such folder.
    public init(of folder: String) throws {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else {
            throw GuardianError(
                .notFound, "The disk of \(folder) cannot be asked for its space: \(String(cString: strerror(errno))).")
        }
        let block = Int64(clamping: status.f_frsize)
        capacity = block * Int64(clamping: status.f_blocks)
        free = block * Int64(clamping: status.f_bavail)
    }
}
