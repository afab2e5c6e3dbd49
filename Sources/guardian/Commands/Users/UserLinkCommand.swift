import ArgumentParser
import GuardianCore
import GuardianIdentity

struct UserLinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link",
        abstract: "Prints a link with which a person logs in once, within a day.",
        discussion: "Example: guardian user link Ada")

    @OptionGroup var options: LocalAccountsOptions
    @OptionGroup var output: LinkOutput

    @Argument(help: "The person's name.")
    var name: String

    func run() async throws {
        let accounts = try await options.open()
        let account = try await accounts.account(named: name)
        let link = try await accounts.identity.links.make(for: account.id, by: .localRoot)
        try output.show(accounts.pages) { LoginLink(page: $0, secret: accounts.realm.mark(link.secret)) }
        accounts.noteAuthority()
    }
}
