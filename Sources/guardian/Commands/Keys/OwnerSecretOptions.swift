import ArgumentParser
import Foundation
import GuardianArchive
import GuardianCore

/// The source of the owner's secret: a file with the recovery code, or a key file with its passphrase. Never an
/// argument, because every program on the machine could read it.
struct OwnerSecretOptions: ParsableArguments {
    @Option(help: "A file with the recovery code.")
    var codeFile: String?

    @Option(help: "A key file, as `guardian keys lock` writes it.")
    var keyFile: String?

    @Option(help: "A file with the key file's passphrase; without it the passphrase is asked for.")
    var passphraseFile: String?

    func validate() throws {
        if codeFile != nil, keyFile != nil { throw ValidationError("Give --code-file or --key-file, not both.") }
        if passphraseFile != nil, keyFile == nil { throw ValidationError("--passphrase-file needs --key-file.") }
    }

    /// Returns the secret.
    ///
    /// - Throws: `ValidationError` when no option was given.
    func secret() throws -> OwnerSecret {
        guard let secret = try secretIfGiven() else {
            throw ValidationError("Give the owner's secret: --code-file FILE or --key-file FILE.")
        }
        return secret
    }

    func secretIfGiven() throws -> OwnerSecret? {
        if let codeFile { return try OwnerSecret(recoveryCode: SecretFile.text(of: codeFile).reveal()) }
        guard let keyFile else { return nil }
        let file = try KeyFile.read(keyFile)
        guard file.secret != nil else { return try file.unlock(Secret("")) }
        return try file.unlock(try Passphrase.given(passphraseFile) ?? Passphrase.asked("Passphrase of \(keyFile): "))
    }
}
