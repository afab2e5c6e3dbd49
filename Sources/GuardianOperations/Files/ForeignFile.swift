import Foundation
import GuardianCore

/// Reads files of a folder that belongs to another user. Root's commands read the state folder of a server, which runs as a user of its
/// own: were that server taken over, a link in the place of such a file would make root read any file, and send it there.
public enum ForeignFile {
    /// Returns the bytes of a small file that is no link, neither a symbolic nor a second name of another file.
    ///
    /// - Parameter limit: the most bytes that it may have.
    /// - Throws: `notFound`; `permissionDenied` when it cannot be read; `failedPrecondition` when it is a link, no regular file,
    ///   or longer.
    public static func read(_ path: String, limit: Int) throws(GuardianError) -> [UInt8] {
        // Without O_NONBLOCK, opening a pipe would wait for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            let failure = SystemFailure.last
            if failure == SystemFailure(ELOOP) { throw refusal(path) }
            throw GuardianError(failure.code, "\(path) cannot be read (\(failure)): check the path and its owner.")
        }
        defer { close(descriptor) }
        var file = stat()
        // A file that is replaced at this moment has no name any more.
        guard fstat(descriptor, &file) == 0, file.st_mode & S_IFMT == S_IFREG, file.st_nlink <= 1,
            file.st_size <= limit
        else { throw refusal(path) }
        do throws(SystemFailure) { return try FileBytes.read(descriptor, at: 0, count: limit) } catch {
            throw GuardianError(error.code, "\(path) cannot be read (\(error)): check its disk.")
        }
    }

    private static func refusal(_ path: String) -> GuardianError {
        GuardianError(
            .failedPrecondition,
            "\(path) is a link, or no small file: somebody may have put it there. Look at it, remove it, "
                + "and restart the server.")
    }
}
