import Foundation

/// A command's output on the terminal.
enum Console {
    /// Writes a line to standard output without buffering, also into a pipe.
    static func line(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    /// Writes a line to standard error: progress and notes.
    static func note(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
