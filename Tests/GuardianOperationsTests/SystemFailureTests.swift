import Foundation
import GuardianCore
import GuardianOperations
import Testing

@Suite("A failed call on a file")
struct SystemFailureTests {
    @Test(
        "has one code for each number, which says whether it is tried again",
        arguments: [
            (ENOENT, .notFound), (ENOTDIR, .notFound), (EEXIST, .alreadyExists), (ENOSPC, .resourceExhausted),
            (EDQUOT, .resourceExhausted), (EFBIG, .resourceExhausted), (EACCES, .permissionDenied),
            (EPERM, .permissionDenied), (EROFS, .permissionDenied), (ENAMETOOLONG, .invalidArgument),
            (EISDIR, .failedPrecondition), (ENOTEMPTY, .failedPrecondition), (EXDEV, .failedPrecondition),
            (ELOOP, .failedPrecondition), (EIO, .unavailable), (EMFILE, .unavailable), (ENFILE, .unavailable),
            (ESTALE, .unavailable), (ENOTCONN, .unavailable), (EBUSY, .unavailable), (0, .unavailable),
            (-1, .unavailable), (Int32.max, .unavailable),
        ] as [(Int32, GuardianError.Code)])
    func codes(number: Int32, code: GuardianError.Code) {
        #expect(SystemFailure(number).code == code)
        let isRetried = [.unavailable, .resourceExhausted].contains(code)
        #expect(GuardianError(code, "").isRetryable == isRetried)
    }
}
