import Foundation

/// Whether files exist, as far as the system can say.
public enum FilePresence {
    /// Whether the system says that there is no such file. Any other failure, such as that of a damaged disk, says nothing
    /// about it.
    public static func isMissing(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) != 0 && errno == ENOENT
    }
}
