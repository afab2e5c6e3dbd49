import ArgumentParser
import GuardianArchive
import GuardianCore

struct KeysLockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "Keeps a secret in a file under a passphrase.",
        discussion: """
            Argon2id with 256 MiB makes trying passphrases slow; a passphrase of five random words stands it. Keep the \
            code on paper all the same.

            Example: guardian keys lock --code-file recovery-code.txt --output owner.keys
            """)

    @Option(help: "A file with the recovery code.")
    var codeFile: String

    @Option(help: "The key file to write; it must not be there yet.")
    var output: String

    @Option(help: "A file with the passphrase; without it the passphrase is asked for.")
    var passphraseFile: String?

    func run() async throws {
        let secret = try OwnerSecret(recoveryCode: SecretFile.text(of: codeFile).reveal())
        let passphrase = try Passphrase.given(passphraseFile) ?? Passphrase.askedAnew()
        let file = KeyFile(
            recipients: [try OwnerKeys(secret).xWing], secret: try LockedSecret(secret, passphrase: passphrase))
        try file.write(to: output)
        Console.note("\(output) holds the secret under its passphrase.")
    }
}
