import Crypto
import Foundation
import GuardianCore

extension Hash256 {
    /// Returns the SHA-256 of a file, read in pieces. Throws `notFound` when it cannot be read.
    package static func ofFile(_ path: String) throws -> Hash256 {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw GuardianError(.notFound, "The file \(path) cannot be read: is the path right?")
        }
        defer { try? file.close() }
        var hash = SHA256()
        while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(data: piece) }
        return Hash256(digest: hash.finalize())
    }
}
