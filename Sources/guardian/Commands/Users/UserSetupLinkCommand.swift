import ArgumentParser
import GuardianCore
import GuardianIdentity

struct UserSetupLinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "setup-link",
        abstract: "Prints the link with which the first owner is set up, for each address of the machine.",
        discussion: "Example: guardian user setup-link --config /etc/guardian/edge.yaml")

    @OptionGroup var options: LocalAccountsOptions
    @OptionGroup var output: LinkOutput

    func run() async throws {
        let accounts = try await options.open()
        guard let secret = try await accounts.identity.setup.prepare(file: accounts.files.setup) else {
            throw GuardianError(
                .failedPrecondition, "The setup is over; `guardian user link NAME` makes a login link instead.")
        }
        try output.show(accounts.pages) { SetupLink(page: $0, secret: accounts.realm.mark(secret)) }
        accounts.noteAuthority()
    }
}
