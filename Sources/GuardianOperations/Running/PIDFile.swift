import Foundation

/// The file with the id of a running process.
public struct PIDFile: Sendable {
    private let path: String

    public init(path: String) { self.path = path }

    /// - Throws: when the file cannot be written.
    public func write(_ id: Int32 = getpid()) throws {
        try Data("\(id)\n".utf8).write(to: URL(filePath: path), options: .atomic)
    }

    /// Removes the file if it still names this process: while one process ends, its successor may have written its own id.
    public func remove(_ id: Int32 = getpid()) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8), text == "\(id)\n" else { return }
        unlink(path)
    }
}
