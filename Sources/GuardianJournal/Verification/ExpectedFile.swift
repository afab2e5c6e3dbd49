import Crypto
import Foundation
import GuardianCore

/// A file that must exist, with the size and hash that the journal names.
struct ExpectedFile {
    /// `clip …` or `picture of event …`.
    let what: String
    let path: String
    /// `nil` while the clip is not closed.
    let sha256: Hash256?
    /// Bytes; `nil` where the journal does not say.
    let size: Int64?

    func check(into result: inout JournalVerification) {
        guard let file = FileHandle(forReadingAtPath: path) else {
            result.add(
                "The file of \(what) is missing.", path,
                "Put it back if there is a copy. The journal has no entry that proves a deletion.")
            return
        }
        defer { try? file.close() }
        guard let sha256 else { return }
        result.files += 1
        do {
            let (hash, length) = try Self.hash(file)
            if let size, length != size {
                result.add(
                    "The file of \(what) has \(length) bytes and should have \(size).", path, Self.changed)
            } else if hash != sha256 {
                result.add(
                    "The file of \(what) was changed: its SHA-256 differs from the journal's.", path, Self.changed)
            }
        } catch {
            result.add("The file of \(what) cannot be read: \(error.localizedDescription)", path, "Check the disk.")
        }
    }

    private static let changed = "It is no longer evidence; put it back if there is a copy, and check the disk."

    private static func hash(_ file: FileHandle) throws -> (Hash256, Int64) {
        var hasher = SHA256()
        var length: Int64 = 0
        while let chunk = try file.read(upToCount: 1_048_576), !chunk.isEmpty {
            hasher.update(data: chunk)
            length += Int64(chunk.count)
        }
        return (Hash256(digest: hasher.finalize()), length)
    }
}
