import Foundation
import GuardianCore

/// A folder for sockets that no other user can reach, also where every user may make folders, as in `/tmp`: there another
/// user may have made it before us, and would then receive what we send to the socket.
public enum PrivateFolder {
    /// Creates the folder for this user alone, with its parents, unless it is there.
    ///
    /// - Throws: `permissionDenied` when it cannot be created, or another user could put a socket there.
    public static func create(_ path: String) throws {
        let url = URL(fileURLWithPath: path)
        do {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw GuardianError(.permissionDenied, "The folder \(path) cannot be created.", cause: error)
        }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw GuardianError(
                .permissionDenied, "The folder \(path) cannot be created (\(String(cString: strerror(errno)))).")
        }
        guard isOurs(path) else {
            throw GuardianError(
                .permissionDenied,
                "The folder \(path) must be this user's alone (mode 0700, no link): remove it, or choose another place."
            )
        }
    }

    /// Whether the folder is ours or can be made: whether `create` would succeed.
    public static func isUsable(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) != 0 ? errno == ENOENT : isOurs(path)
    }

    private static func isOurs(_ path: String) -> Bool {
        var parent = stat()
        var folder = stat()
        let above = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard stat(above, &parent) == 0, lstat(path, &folder) == 0 else { return false }
        // Who may make entries in the parent decides whom the folder belongs to.
        guard parent.st_mode & 0o022 != 0 else { return true }
        return folder.st_mode & S_IFMT == S_IFDIR && folder.st_uid == geteuid() && folder.st_mode & 0o077 == 0
    }
}
