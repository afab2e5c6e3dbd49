import Foundation

/// Makes new names in a file system survive a power cut.
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
}
