import Foundation
import GuardianCore

/// Files that were damaged and got another name, with the time in it, so that a person can look at them.
enum SetAside {
    static let mark = ".damaged-"

    /// Returns the name that a file gets at `time`.
    static func path(of path: String, at time: Timestamp) -> String {
        "\(path)\(mark)\(time.rfc3339.filter { $0.isNumber || $0 == "T" || $0 == "Z" })"
    }

    /// Returns the files that were set aside in place of `path` and are still there.
    static func found(of path: String) -> [String] {
        let file = URL(filePath: path)
        let folder = file.deletingLastPathComponent().path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix(file.lastPathComponent + mark) }.sorted().map { "\(folder)/\($0)" }
    }
}
