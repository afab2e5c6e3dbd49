import Foundation
import GuardianCore

extension SystemFailure {
    /// What the failure of a call on a file is for its caller. `isRetryable` of the code says whether the same call may succeed
    /// later: a full disk gets room and a failing one may answer again, while rights, names and missing files wait for a
    /// person. A number that is not named here may pass: network file systems have many.
    public var code: GuardianError.Code {
        switch number {
        case ENOENT, ENOTDIR: .notFound
        case EEXIST: .alreadyExists
        case ENOSPC, EDQUOT, EFBIG: .resourceExhausted
        case EACCES, EPERM, EROFS: .permissionDenied
        case ENAMETOOLONG: .invalidArgument
        case EISDIR, ENOTEMPTY, EXDEV, ELOOP: .failedPrecondition
        default: .unavailable
        }
    }
}
