import ArgumentParser
import GuardianCore
import GuardianIdentity

struct UserPasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password",
        abstract: "Sets a person's password and ends their sessions.",
        discussion: "Example: guardian user password Ada")

    @OptionGroup var options: LocalAccountsOptions

    @Argument(help: "The person's name.")
    var name: String

    @Flag(help: "Also turn off the second factor, for somebody who lost it.")
    var withoutSecondFactor = false

    @OptionGroup var password: NewPasswordOptions

    func run() async throws {
        let password = try password.password()
        let accounts = try await options.open()
        let account = try await accounts.account(named: name)
        try await accounts.identity.passwords.reset(account.id, to: password, by: .localRoot)
        if withoutSecondFactor, account.hasSecondFactor {
            try await accounts.identity.secondFactors.turnOff(of: account.id, by: .localRoot)
        }
        Console.note("\(account.name.text) has a new password; every device must log in again.")
    }
}
