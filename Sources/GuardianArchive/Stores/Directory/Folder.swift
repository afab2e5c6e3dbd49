import Foundation
import GuardianCore

/// Creates and removes folders. A folder is on the disk, with its entry in the folder above, before anything is stored
/// in it.
enum Folder {
    /// Creates the folder and its parents up to `root`, for this user only.
    ///
    /// - Throws: `notFound` when a concurrent deletion removed one of them.
    static func make(_ path: String, below root: String) throws {
        guard mkdir(path, 0o700) != 0 else { return try sync(parent(path)) }
        switch errno {
        case EEXIST:
            var status = stat()
            guard stat(path, &status) == 0 else {
                throw FileFailure.error(errno, "A folder of the archive cannot be created", path)
            }
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw FileFailure.error(EISDIR, "A folder of the archive cannot be created", path)
            }
        case ENOENT where path != root && path.hasPrefix(root):
            try make(parent(path), below: root)
            try make(path, below: root)
        default:
            throw FileFailure.error(errno, "A folder of the archive cannot be created", path)
        }
    }

    /// Waits until the names in the folder are on the disk.
    static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFailure.error(errno, "A folder of the archive cannot be opened", path) }
        defer { close(descriptor) }
        // Some file systems cannot sync a folder and return EINVAL.
        guard fsync(descriptor) == 0 || errno == EINVAL else {
            throw FileFailure.error(errno, "A folder of the archive cannot be written", path)
        }
    }

    /// Removes the folder and its parents while they are empty, up to `root`, which is kept.
    static func prune(_ path: String, below root: String) {
        var path = path
        while path != root, path.hasPrefix(root), rmdir(path) == 0 { path = parent(path) }
    }

    static func parent(_ path: String) -> String { String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) }
}
