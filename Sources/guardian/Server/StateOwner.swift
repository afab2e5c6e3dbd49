import Foundation
import GuardianCore

/// The user whose state folder a command changes.
enum StateOwner {
    /// Acts as the folder's owner from now on, if this is root: what root writes there must stay the server's own, and what it reads
    /// must be what the server may read.
    ///
    /// - Throws: `notFound` when there is no such folder, because the server must make it itself; `permissionDenied`.
    static func become(of state: String) throws {
        var status = stat()
        guard stat(state, &status) == 0 else {
            throw GuardianError(.notFound, "There is no folder \(state) yet: start Guardian once, then try again.")
        }
        guard geteuid() == 0, status.st_uid != 0 else { return }
        guard setegid(status.st_gid) == 0, seteuid(status.st_uid) == 0 else {
            throw GuardianError(.permissionDenied, "\(state) belongs to another user, who cannot be acted for.")
        }
    }
}
