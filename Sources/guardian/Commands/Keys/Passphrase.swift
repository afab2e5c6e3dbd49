import Foundation
import GuardianCore

/// Passphrases, from a file or from the person at the terminal.
enum Passphrase {
    static func given(_ path: String?) throws -> Secret<String>? {
        try path.map(SecretFile.text(of:))
    }

    /// - Throws: `invalidArgument` when there is no terminal to ask at, or nothing is typed.
    static func asked(_ prompt: String) throws -> Secret<String> {
        guard isatty(STDIN_FILENO) == 1, let answer = silentLine(prompt) else {
            throw GuardianError(
                .invalidArgument, "There is no terminal to ask for the passphrase: give --passphrase-file.")
        }
        guard !answer.reveal().isEmpty else {
            throw GuardianError(.invalidArgument, "The passphrase is empty; type one.")
        }
        return answer
    }

    /// A new one, asked for twice.
    static func askedAnew() throws -> Secret<String> {
        let first = try asked("A passphrase for the secret: ")
        guard try asked("The same again: ") == first else {
            throw GuardianError(.invalidArgument, "These were two different passphrases; begin again.")
        }
        return first
    }

    /// Reads a line that does not show.
    private static func silentLine(_ prompt: String) -> Secret<String>? {
        SilentTerminal.during {
            FileHandle.standardError.write(Data(prompt.utf8))
            defer { FileHandle.standardError.write(Data("\n".utf8)) }
            return readLine().map { Secret($0) }
        }
    }
}
