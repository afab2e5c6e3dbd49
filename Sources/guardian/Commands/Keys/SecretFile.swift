import Foundation
import GuardianCore

/// Small files with something secret in them.
enum SecretFile {
    /// The text, without line ends behind it.
    ///
    /// - Throws: `notFound` or `failedPrecondition` when it cannot be read, `invalidArgument` when it is no text.
    static func text(of path: String) throws -> Secret<String> {
        guard let file = FileHandle(forReadingAtPath: path) else {
            let isThere = FileManager.default.fileExists(atPath: path)
            throw GuardianError(
                isThere ? .failedPrecondition : .notFound,
                isThere ? "\(path) cannot be read; check its owner." : "There is no file \(path).")
        }
        guard let bytes = try file.read(upToCount: 4097), bytes.count <= 4096,
            let text = String(validating: bytes, as: UTF8.self)
        else {
            throw GuardianError(
                .invalidArgument, "\(path) is empty, or no short text; look whether it is the right file.")
        }
        var end = text.endIndex
        while end > text.startIndex, text[text.index(before: end)].isNewline { end = text.index(before: end) }
        return Secret(String(text[..<end]))
    }
}
