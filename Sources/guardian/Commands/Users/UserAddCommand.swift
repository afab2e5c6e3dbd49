import ArgumentParser
import GuardianCore
import GuardianIdentity

extension Role: ExpressibleByArgument {}

struct UserAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Creates an account. The first one is an owner's, and ends the setup.",
        discussion: """
            Example: guardian user add Ada --role owner
            Example: guardian user add Eve --role viewer --camera front --camera yard --no-password
            """)

    @OptionGroup var options: LocalAccountsOptions

    @Argument(help: "The name to log in with.")
    var name: String

    @Option(help: "owner (everything), member (watches all cameras), viewer (watches chosen cameras).")
    var role = Role.member

    @Option(help: "A viewer's camera, by alias; repeatable.")
    var camera: [String] = []

    @Flag(help: "Without a password: the person logs in with a link of `guardian user link` and chooses one.")
    var noPassword = false

    @OptionGroup var password: NewPasswordOptions

    func validate() throws {
        guard camera.isEmpty || role == .viewer else { throw ValidationError("--camera is only for viewers.") }
    }

    func run() async throws {
        let password = noPassword ? nil : try password.password()
        let accounts = try await options.open()
        let account = try await accounts.identity.accounts.create(
            NewAccount(name: name, password: password, role: role, cameras: try accounts.cameras(camera)),
            by: .localRoot)
        await accounts.endSetup()
        Console.note("\(account.name.text) is \(role.rawValue).")
    }
}
