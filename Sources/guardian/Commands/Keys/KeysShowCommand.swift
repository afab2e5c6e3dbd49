import ArgumentParser
import GuardianArchive
import GuardianCore

struct KeysShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows the recipients of a recovery code or a key file.",
        discussion: """
            Example: guardian keys show --code-file recovery-code.txt
            Example: guardian keys show --key-file owner.keys
            Example: guardian keys show --key-file owner.keys --passphrase-file passphrase --code
            """)

    @OptionGroup var owner: OwnerSecretOptions

    @Flag(help: "Show the recovery code instead; for a key file this needs its passphrase.")
    var code = false

    @Flag(name: .customLong("x25519"), help: "Also the recipient for browsers without ML-KEM; needs a code.")
    var isClassicalToo = false

    func run() async throws {
        if code { return Console.line(try owner.secret().recoveryCode.reveal()) }
        if let keyFile = owner.keyFile, owner.passphraseFile == nil {
            let file = try KeyFile.read(keyFile)
            guard !file.recipients.isEmpty else {
                throw GuardianError(
                    .failedPrecondition, "\(keyFile) contains no recipients; give --passphrase-file to compute them.")
            }
            return file.recipients.forEach { Console.line($0.text) }
        }
        let keys = try OwnerKeys(owner.secret())
        Console.line(keys.xWing.text)
        if isClassicalToo { Console.line(keys.x25519.text) }
    }
}
