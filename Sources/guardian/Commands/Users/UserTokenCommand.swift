import ArgumentParser
import GuardianCore
import GuardianIdentity

extension Permission: ExpressibleByArgument {}

struct UserTokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Prints a new token for a program, with rights of a person.",
        discussion: """
            The token goes into the header `Authorization: Bearer …`. It is shown once.

            Example: guardian user token Ada --label "home automation" --scope read_events --days 365
            """)

    @OptionGroup var options: LocalAccountsOptions

    @Argument(help: "The name of the person whose rights it has at most.")
    var name: String

    @Option(help: "What the token is for.")
    var label = "command line"

    @Option(help: "What it may do; repeatable. Without it: all that the person may.")
    var scope: [Permission] = []

    @Option(help: "For how many days it is good; without it until it is revoked.")
    var days: Int?

    func validate() throws {
        if let days, !(1...36_500).contains(days) { throw ValidationError("--days is a number from 1 to 36500.") }
    }

    func run() async throws {
        let accounts = try await options.open()
        let account = try await accounts.account(named: name)
        let end = days.map { SystemClock().now() + .seconds(86_400 * Int64($0)) }
        let token = try await accounts.identity.tokens.create(
            TokenRequest(
                name: label, scope: scope.isEmpty ? account.role.permissions : Set(scope), cameras: .all, endsAt: end),
            for: account.id, by: .localRoot)
        Console.line(accounts.realm.mark(token.secret).reveal())
    }
}
