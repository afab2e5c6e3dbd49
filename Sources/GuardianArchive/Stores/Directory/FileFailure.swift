import Foundation
import GuardianCore

/// What the operating system's refusals mean to whoever asked the store, once for all.
enum FileFailure {
    /// - Parameter number: `errno`.
    static func error(_ number: Int32, _ what: String, _ path: String) -> GuardianError {
        let (code, advice): (GuardianError.Code, String) =
            switch number {
            case ENOENT, ENOTDIR: (.notFound, "it is not there")
            case EEXIST: (.alreadyExists, "there is one already")
            case ENOSPC, EDQUOT, EFBIG: (.resourceExhausted, "the disk is full: make room")
            case EACCES, EPERM: (.permissionDenied, "this user may not: give the folder to it")
            case EROFS: (.failedPrecondition, "the file system is read-only: mount it for writing")
            case ENAMETOOLONG: (.invalidArgument, "its name is too long for this file system")
            case EISDIR, ENOTEMPTY, EXDEV, ELOOP:
                (.failedPrecondition, "something else stands there: look at the folder")
            case EMFILE, ENFILE: (.unavailable, "too many files are open")
            case EIO: (.unavailable, "the disk fails: look at it")
            default: (.internal, String(cString: strerror(number)))
            }
        return GuardianError(code, "\(what): \(advice).", context: ["path": path, "errno": "\(number)"])
    }
}
