import Foundation

/// Makes files and their names survive a power cut.
public enum Durability {
    /// Writes the folder that holds `path` to the disk, so that the file's name is there after a power cut (fsync(2):
    /// syncing a file does not sync the entry that names it). Ignores errors, because there is no alternative on a file
    /// system that cannot do this.
    public static func syncFolder(of path: String) {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }

    /// Writes a small file under a temporary name, syncs it and renames it: after a power cut there is the old file or the new
    /// one, whole. After a failure the temporary file is removed.
    ///
    /// - Parameters:
    ///   - mode: who may read it.
    ///   - concurrently: whether others may write it at the same moment. Then the temporary name is unique, and what a crash
    ///     leaves under it stays; otherwise the next call replaces that.
    public static func replace(
        _ path: String, with bytes: some Collection<UInt8>, mode: mode_t = 0o600, concurrently: Bool = false
    ) throws(SystemFailure) {
        let temporary = concurrently ? unique(path) : "\(path).new"
        try write(path, bytes, mode: mode, temporary: temporary) { rename($0, path) == 0 }
    }

    /// Writes a small file as `replace` does, unless one is there already: of two writers, one succeeds. A file system without
    /// hard links can tell them apart only if they do not write at the same moment.
    ///
    /// - Throws: `EEXIST` when a file is there.
    public static func create(
        _ path: String, with bytes: some Collection<UInt8>, mode: mode_t = 0o600
    ) throws(SystemFailure) {
        try write(path, bytes, mode: mode, temporary: unique(path)) { temporary in
            guard link(temporary, path) != 0 else { return unlink(temporary) == 0 }
            guard errno == EPERM || errno == EOPNOTSUPP else { return false }
            guard access(path, F_OK) != 0 else {
                errno = EEXIST
                return false
            }
            return rename(temporary, path) == 0
        }
    }

    private static func unique(_ path: String) -> String { "\(path).\(UUID().uuidString)" }

    /// - Parameter name: gives the complete file its name; `false` when `errno` says why it cannot.
    private static func write(
        _ path: String, _ bytes: some Collection<UInt8>, mode: mode_t, temporary: String, name: (String) -> Bool
    ) throws(SystemFailure) {
        unlink(temporary)
        let descriptor = open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .last }
        do {
            defer { close(descriptor) }
            try Array(bytes).withUnsafeBytes { try FileBytes.append(descriptor, $0) }
            guard fsync(descriptor) == 0, name(temporary) else { throw SystemFailure.last }
        } catch {
            unlink(temporary)
            throw error as? SystemFailure ?? SystemFailure(EIO)
        }
        syncFolder(of: path)
    }
}
