import Foundation
import GuardianCore

/// Files that were damaged and got another name, with the time in it, so that a person can look at them.
package enum SetAside {
    package static let mark = ".damaged-"

    /// Returns the name that a file gets at `time`.
    package static func path(of path: String, at time: Timestamp) -> String {
        "\(path)\(mark)\(time.rfc3339.filter { $0.isNumber || $0 == "T" || $0 == "Z" })"
    }

    /// Returns the files that were set aside in place of `path` and are still there.
    package static func found(of path: String) -> [String] {
        let file = URL(filePath: path)
        let folder = file.deletingLastPathComponent().path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix(file.lastPathComponent + mark) }.sorted().map { "\(folder)/\($0)" }
    }

    /// Renames a damaged database and its log.
    ///
    /// - Returns: its new path.
    /// - Throws: `dataLoss` when it cannot be renamed.
    package static func database(_ path: String, at time: Timestamp) throws -> String {
        let aside = self.path(of: path, at: time)
        // The log first: without its database it is of no use, and beside a new database it would damage that too.
        for suffix in ["-wal", "-shm", ""] where rename(path + suffix, aside + suffix) != 0 && errno != ENOENT {
            throw GuardianError(
                .dataLoss,
                "\(path) is damaged and cannot be renamed (\(String(cString: strerror(errno)))): move it away.")
        }
        return aside
    }
}
