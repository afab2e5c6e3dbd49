import Foundation
import GuardianHTTP

/// A command's output on the terminal.
enum Console {
    /// Writes a line to standard output without buffering, also into a pipe.
    static func line(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    /// Whether a person sees what is written to standard output.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Draws a text, for the camera of a phone.
    ///
    /// - Throws: `invalidArgument` when it does not fit into a QR code.
    static func qrCode(of text: String) throws { try QRCode(text).terminalLines.forEach(line) }

    /// Writes a line to standard error: progress and notes.
    static func note(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// Asks for a line of standard input.
    ///
    /// - Returns: what was typed, without spaces around it; `nil` at the end of the input.
    static func answer(to question: String) -> String? {
        FileHandle.standardError.write(Data(question.utf8))
        return readLine()?.trimmingCharacters(in: .whitespaces)
    }
}
