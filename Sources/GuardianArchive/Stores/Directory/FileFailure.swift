import Foundation
import GuardianCore
import GuardianOperations

/// Says what the operating system's errors mean for an archive in a folder.
enum FileFailure {
    /// - Parameter number: `errno`.
    static func error(_ number: Int32, _ what: String, _ path: String) -> GuardianError {
        let failure = SystemFailure(number)
        let advice =
            switch number {
            case ENOENT, ENOTDIR: "it does not exist"
            case EEXIST: "it already exists"
            case ENOSPC, EDQUOT, EFBIG: "the disk is full: make room"
            case EACCES, EPERM: "permission denied: make this user the folder's owner"
            case EROFS: "the file system is read-only: mount it for writing"
            case ENAMETOOLONG: "its name is too long for this file system"
            case EISDIR, ENOTEMPTY, EXDEV, ELOOP: "something else has this name: check the folder"
            case EMFILE, ENFILE: "too many files are open"
            case EIO: "the disk failed: check it"
            default: "\(failure)"
            }
        return GuardianError(failure.code, "\(what): \(advice).", context: ["path": path, "errno": "\(number)"])
    }
}
