import Foundation
import GuardianCore
import NIOPosix

extension ServedFile {
    /// Returns a complete file of which only the hash is known; reads its length from the disk.
    ///
    /// - Throws: `not_found` when it is not there.
    public static func whole(
        path: String, sha256: Hash256, contentType: String, name: String
    ) async throws -> ServedFile {
        let length = try await NIOThreadPool.singleton.runIfActive {
            var status = stat()
            guard stat(path, &status) == 0 else {
                throw GuardianError(.notFound, "The file is no longer there.", context: ["path": path])
            }
            return Int64(status.st_size)
        }
        return complete(path: path, length: length, sha256: sha256, contentType: contentType, name: name)
    }
}
