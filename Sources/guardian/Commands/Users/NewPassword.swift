import ArgumentParser
import Foundation
import GuardianCore

/// Where a new password comes from: a file, or the person at the terminal. Never an argument, because every program on the
/// machine could read it.
struct NewPasswordOptions: ParsableArguments {
    @Option(help: "A file with the password; without it the password is asked for.")
    var passwordFile: String?

    func password() throws -> Secret<String> {
        if let passwordFile { return try SecretFile.text(of: passwordFile) }
        return try Passphrase.askedTwice("The new password: ", option: "--password-file")
    }
}
