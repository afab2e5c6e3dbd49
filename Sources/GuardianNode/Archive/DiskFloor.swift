import Foundation
import GuardianCore
import Logging
import Synchronization

/// The free space that stays on the disk of the spool and the journal: with less, no further bytes of parts are
/// accepted, so that entries still are.
final class DiskFloor: Sendable {
    private let folder: String
    /// Bytes; `nil`: the default.
    private let least: Int64?
    private let read: @Sendable (_ folder: String) -> DiskRoom?
    private let logger: Logger
    private let isReached = Mutex(false)

    init(folder: String, least: Int64?, read: @escaping @Sendable (String) -> DiskRoom?, logger: Logger) {
        self.folder = folder
        self.least = least
        self.read = read
        self.logger = logger
    }

    /// Returns why no bytes of parts can be accepted now; `nil` when they can. A disk whose space cannot be read counts
    /// as one with space: writing will tell.
    func shortage() -> String? {
        guard let room = read(folder) else { return nil }
        let least = least ?? min(1 << 30, room.capacity / 20)
        let isShort = room.free < least
        let hasChanged = isReached.withLock { reached in
            defer { reached = isShort }
            return reached != isShort
        }
        if hasChanged {
            if isShort {
                logger.error(
                    "disk of the node is almost full: no parts are accepted",
                    metadata: ["free": "\(room.free)", "least": "\(least)"])
            } else {
                logger.notice("disk of the node has room again", metadata: ["free": "\(room.free)"])
            }
        }
        guard isShort else { return nil }
        return "The node's disk is almost full: \(room.free >> 20) MiB are free, and \(least >> 20) MiB stay free for "
            + "the journal. Make room there, or find out why the object store does not take the parts that wait."
    }
}

/// The space of a disk, in bytes.
public struct DiskRoom: Sendable, Hashable {
    public var free: Int64
    public var capacity: Int64

    public init(free: Int64, capacity: Int64) {
        self.free = free
        self.capacity = capacity
    }

    /// Reads the space of the disk of a folder; `nil` when it cannot be read.
    public static func read(_ folder: String) -> DiskRoom? {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return nil }
        let block = Int64(clamping: status.f_frsize)
        return DiskRoom(
            free: block * Int64(clamping: status.f_bavail), capacity: block * Int64(clamping: status.f_blocks))
    }
}
