import Foundation
import GuardianCore

/// Gives a finished file its final name in one step, and only when the name is free: links the final name, then unlinks
/// the old one. (Renaming would replace an existing file.)
enum Placement {
    /// - Throws: `alreadyExists` when the name is not free, `notFound` when its folder or the file does not exist.
    static func place(_ file: String, at path: String) throws {
        guard link(file, path) == 0 else { throw FileFailure.error(errno, "An object cannot be stored", path) }
        guard unlink(file) == 0 || errno == ENOENT else {
            throw FileFailure.error(errno, "The file of a finished upload cannot be removed", file)
        }
    }

    /// Checks for hard links, so that a missing feature is reported at start and not with the first object.
    ///
    /// - Throws: `unimplemented` when the folder's file system has no hard links, which only another folder mends; other codes
    ///   for what may pass, such as a full disk.
    static func check(_ folder: String) throws {
        let (probe, second) = ("\(folder)/.probe-\(UUID().uuidString)", "\(folder)/.probe-\(UUID().uuidString)")
        let descriptor = open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileFailure.error(errno, "The archive's folder cannot be written", folder) }
        defer {
            close(descriptor)
            unlink(probe)
            unlink(second)
        }
        guard link(probe, second) == 0 else { throw failure(ofLink: errno, folder) }
    }

    /// The error of a hard link that could not be made beside its file.
    static func failure(ofLink number: Int32, _ folder: String) -> GuardianError {
        // Linux says EPERM; network and user-space file systems say that they do not know the operation.
        guard [EPERM, EOPNOTSUPP, ENOSYS, EMLINK].contains(number) else {
            return FileFailure.error(number, "The archive's folder cannot be written", folder)
        }
        return GuardianError(
            .unimplemented,
            "The file system of \(folder) has no hard links: choose a folder on ext4, XFS, Btrfs or ZFS for the archive.",
            context: ["errno": "\(number)"])
    }
}
