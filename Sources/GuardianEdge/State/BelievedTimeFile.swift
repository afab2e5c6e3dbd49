import Foundation
import GuardianCore
import GuardianOperations

/// The file with the last time that the recorder believed, in milliseconds since 1970: beside the database, because clips of a lost
/// database are adopted into a new one, which knows nothing of the time.
package struct BelievedTimeFile: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    /// Returns the time; `nil` when there is no file, or none that makes sense.
    package func read() -> Timestamp? {
        let text = FileManager.default.contents(atPath: path).map { String(decoding: $0.prefix(40), as: UTF8.self) }
        let number = text.flatMap { Int64($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        return number.flatMap(Timestamp.init(plausible:))
    }

    /// - Throws: `resourceExhausted` when it cannot be written.
    package func write(_ time: Timestamp) throws {
        // `guardian doctor` writes it as root, and the edge reads it as its own user.
        do { try Durability.replace(path, with: Data("\(time.milliseconds)\n".utf8), mode: 0o644) } catch {
            throw GuardianError(
                .resourceExhausted, "\(path) cannot be written: make room on the disk.", cause: error)
        }
    }
}
