import ArgumentParser
import GuardianArchive
import GuardianCore

struct KeysLockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "Writes the owner's secret to a file, encrypted with a passphrase.",
        discussion: """
            Argon2id with 256 MiB makes guessing slow; a passphrase of five random words is strong enough. Keep the code \
            on paper as well.

            Example: guardian keys lock --code-file recovery-code.txt --output owner.keys
            """)

    @Option(help: "A file with the recovery code.")
    var codeFile: String

    @Option(help: "The key file to write; it must not exist yet.")
    var output: String

    @Option(help: "A file with the passphrase; without it the passphrase is asked for.")
    var passphraseFile: String?

    func run() async throws {
        let secret = try OwnerSecret(recoveryCode: SecretFile.text(of: codeFile).reveal())
        let passphrase = try Passphrase.given(passphraseFile) ?? Passphrase.askedTwice()
        let file = KeyFile(
            recipients: [try OwnerKeys(secret).xWing], secret: try LockedSecret(secret, passphrase: passphrase))
        try file.write(to: output)
        Console.note("\(output) contains the secret, encrypted with the passphrase.")
    }
}
