import ArgumentParser
import Foundation
import GuardianArchive
import GuardianCore

struct KeysNewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Makes an owner's secret and shows its recovery code, once.",
        discussion: """
            The code goes to standard output, and nowhere else unless you say so. The file gets the recipients, which the \
            edge seals to; with a passphrase also the secret, locked.

            Example: guardian keys new --output owner.keys
            Example: guardian keys new --output owner.keys --passphrase-file passphrase --page code.html
            """)

    @Option(help: "The key file to write; it must not be there yet.")
    var output: String

    @Option(help: "A file with a passphrase: the key file then holds the secret too, under that.")
    var passphraseFile: String?

    @Option(help: "Also write a page with the code, to print and then delete.")
    var page: String?

    @Flag(
        name: .customLong("x25519"),
        help: "Also a recipient for browsers without ML-KEM. Clips sealed to it can be opened by a quantum computer.")
    var isClassicalToo = false

    func run() async throws {
        let secret = OwnerSecret()
        let keys = try OwnerKeys(secret)
        let locked = try Passphrase.given(passphraseFile).map { try LockedSecret(secret, passphrase: $0) }
        let recipients = isClassicalToo ? [keys.xWing, keys.x25519] : [keys.xWing]
        let code = secret.recoveryCode
        // The page first: when either cannot be written, nobody has been shown a code that is kept nowhere.
        if let page { try RecoveryPage(code: code, keyID: keys.xWing.keyID).write(to: page) }
        do { try KeyFile(recipients: recipients, secret: locked).write(to: output) } catch {
            if let page { unlink(page) }
            throw error
        }
        Console.note(
            "The recovery code, shown this once. Write it down: without it nobody opens your clips, not even we.")
        Console.line(code.reveal())
        Console.note(
            "Recipients (key \(keys.xWing.keyID)) are in \(output); for the edge's configuration, archive.recipients:")
        for recipient in recipients { Console.note("  - \(recipient.text)") }
    }
}
