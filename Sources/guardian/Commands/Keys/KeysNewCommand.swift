import ArgumentParser
import Foundation
import GuardianArchive
import GuardianCore

struct KeysNewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Creates an owner's secret and shows its recovery code once.",
        discussion: """
            The code is written to standard output, and with --page also to a page. The key file contains the recipients \
            that the edge seals to; with a passphrase also the encrypted secret.

            Example: guardian keys new --output owner.keys
            Example: guardian keys new --output owner.keys --passphrase-file passphrase --page code.html
            """)

    @Option(help: "The key file to write; it must not exist yet.")
    var output: String

    @Option(help: "A file with a passphrase: the key file then also contains the secret, encrypted with it.")
    var passphraseFile: String?

    @Option(help: "Also write a page with the code, to print and then delete.")
    var page: String?

    @Flag(
        name: .customLong("x25519"),
        help: "Also create a recipient for browsers without ML-KEM. A quantum computer could open clips sealed to it.")
    var isClassicalToo = false

    func run() async throws {
        let secret = OwnerSecret()
        let keys = try OwnerKeys(secret)
        let locked = try Passphrase.given(passphraseFile).map { try LockedSecret(secret, passphrase: $0) }
        let recipients = isClassicalToo ? [keys.xWing, keys.x25519] : [keys.xWing]
        let code = secret.recoveryCode
        // Write the files before showing the code: a code whose files could not be written is never shown.
        if let page { try RecoveryPage(code: code, keyID: keys.xWing.keyID).write(to: page) }
        do { try KeyFile(recipients: recipients, secret: locked).write(to: output) } catch {
            if let page { unlink(page) }
            throw error
        }
        Console.note(
            "The recovery code, shown only once. Write it down: without it nobody can open your clips, not even we.")
        Console.line(code.reveal())
        Console.note(
            "Recipients (key \(keys.xWing.keyID)) are in \(output). For the edge's archive.recipients:")
        for recipient in recipients { Console.note("  - \(recipient.text)") }
    }
}
