import Foundation

/// Runs programs of this machine and waits for their end.
public enum Tool {
    public struct Failure: Error {
        public var text: String

        public init(text: String) { self.text = text }
    }

    /// Returns what a program prints.
    ///
    /// - Parameter joinsErrors: whether that includes what it prints to its standard error; otherwise this goes to the tests' own.
    @discardableResult
    public static func run(_ name: String, _ arguments: [String], joinsErrors: Bool = true) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [name] + arguments
        let output = Pipe()
        process.standardOutput = output
        if joinsErrors { process.standardError = output }
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        guard process.terminationStatus == 0 else { throw Failure(text: "\(name): \(text)") }
        return text
    }

    /// Returns what ffprobe prints for `entries`: one line per set of values, without names.
    public static func probe(_ path: String, _ entries: String, _ more: [String] = []) throws -> [String] {
        let arguments = ["-v", "error", "-show_entries", entries, "-of", "csv=p=0"] + more + [path]
        // A damaged picture is reported as an error, and the file is read on.
        return try run("ffprobe", arguments, joinsErrors: false)
            .split(whereSeparator: \.isNewline).map { $0.hasSuffix(",") ? String($0.dropLast()) : String($0) }
    }
}

extension Tool {
    public static func write(_ bytes: [UInt8], to path: String) throws {
        try Data(bytes).write(to: URL(filePath: path))
    }
}
