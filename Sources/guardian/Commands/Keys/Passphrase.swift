import Foundation
import GuardianCore

/// Passphrases, from a file or from the person at the terminal.
enum Passphrase {
    static func given(_ path: String?) throws -> Secret<String>? {
        try path.map(SecretFile.text(of:))
    }

    /// Asks for a passphrase at the terminal.
    ///
    /// - Throws: `invalidArgument` when there is no terminal, or nothing is typed.
    ///
    /// - Parameter option: the option that gives it without a terminal.
    static func asked(_ prompt: String, option: String = "--passphrase-file") throws -> Secret<String> {
        guard isatty(STDIN_FILENO) == 1, let answer = hiddenLine(prompt) else {
            throw GuardianError(
                .invalidArgument, "There is no terminal to ask for it: give \(option).")
        }
        guard !answer.reveal().isEmpty else {
            throw GuardianError(.invalidArgument, "Nothing was typed; try again.")
        }
        return answer
    }

    /// Asks for a new passphrase twice.
    static func askedTwice(
        _ prompt: String = "A passphrase for the secret: ", option: String = "--passphrase-file"
    ) throws -> Secret<String> {
        let first = try asked(prompt, option: option)
        guard try asked("The same again: ", option: option) == first else {
            throw GuardianError(.invalidArgument, "The two are different; try again.")
        }
        return first
    }

    /// Reads a line without echo.
    private static func hiddenLine(_ prompt: String) -> Secret<String>? {
        SilentTerminal.withoutEcho {
            FileHandle.standardError.write(Data(prompt.utf8))
            defer { FileHandle.standardError.write(Data("\n".utf8)) }
            return readLine().map { Secret($0) }
        }
    }
}
