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
    ///   - temporary: the path until it is complete; a file that a crash left there is replaced.
    public static func replace(
        _ path: String, with bytes: some Collection<UInt8>, mode: mode_t = 0o600, temporary: String? = nil
    ) throws(SystemFailure) {
        let temporary = temporary ?? "\(path).new"
        unlink(temporary)
        let descriptor = open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .last }
        do {
            defer { close(descriptor) }
            try Array(bytes).withUnsafeBytes { try FileBytes.append(descriptor, $0) }
            guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw SystemFailure.last }
        } catch {
            unlink(temporary)
            throw error as? SystemFailure ?? SystemFailure(EIO)
        }
        syncFolder(of: path)
    }
}
