import Foundation
import GuardianCore

/// Converts the operating system's errors to `GuardianError`s.
enum FileFailure {
    /// - Parameter number: `errno`.
    static func error(_ number: Int32, _ what: String, _ path: String) -> GuardianError {
        let (code, advice): (GuardianError.Code, String) =
            switch number {
            case ENOENT, ENOTDIR: (.notFound, "it does not exist")
            case EEXIST: (.alreadyExists, "it already exists")
            case ENOSPC, EDQUOT, EFBIG: (.resourceExhausted, "the disk is full: make room")
            case EACCES, EPERM: (.permissionDenied, "permission denied: make this user the folder's owner")
            case EROFS: (.failedPrecondition, "the file system is read-only: mount it for writing")
            case ENAMETOOLONG: (.invalidArgument, "its name is too long for this file system")
            case EISDIR, ENOTEMPTY, EXDEV, ELOOP:
                (.failedPrecondition, "something else has this name: check the folder")
            case EMFILE, ENFILE: (.unavailable, "too many files are open")
            case EIO: (.unavailable, "the disk failed: check it")
            default: (.internal, String(cString: strerror(number)))
            }
        return GuardianError(code, "\(what): \(advice).", context: ["path": path, "errno": "\(number)"])
    }
}
