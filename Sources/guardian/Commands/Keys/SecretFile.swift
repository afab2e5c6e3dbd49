import Foundation
import GuardianCore

/// Reads small files that contain a secret.
enum SecretFile {
    /// Returns the text without trailing line breaks.
    ///
    /// - Throws: `notFound` or `failedPrecondition` when it cannot be read,
    ///   `invalidArgument` when it is not a short text.
    static func text(of path: String) throws -> Secret<String> {
        guard let file = FileHandle(forReadingAtPath: path) else {
            let exists = FileManager.default.fileExists(atPath: path)
            throw GuardianError(
                exists ? .failedPrecondition : .notFound,
                exists ? "\(path) cannot be read; check its owner." : "There is no file \(path).")
        }
        guard let bytes = try file.read(upToCount: 4097), bytes.count <= 4096,
            let text = String(validating: bytes, as: UTF8.self)
        else {
            throw GuardianError(
                .invalidArgument, "\(path) is empty or not a short text; check that it is the right file.")
        }
        var end = text.endIndex
        while end > text.startIndex, text[text.index(before: end)].isNewline { end = text.index(before: end) }
        return Secret(String(text[..<end]))
    }
}
