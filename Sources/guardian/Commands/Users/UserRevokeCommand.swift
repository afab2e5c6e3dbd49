import ArgumentParser
import GuardianCore
import GuardianIdentity

struct UserRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Takes a person's access away at once: the account is disabled, its sessions and tokens end.",
        discussion: """
            Example: guardian user revoke Eve
            Example: guardian user revoke Eve --only-sessions
            """)

    @OptionGroup var options: LocalAccountsOptions

    @Argument(help: "The person's name.")
    var name: String

    @Flag(help: "End sessions and tokens only: the person can log in again, as after a lost phone.")
    var onlySessions = false

    @Flag(help: "Enable an account that was disabled, instead.")
    var undo = false

    func validate() throws {
        if onlySessions, undo { throw ValidationError("Give --only-sessions or --undo, not both.") }
    }

    func run() async throws {
        let accounts = try await options.open()
        let (account, identity) = (try await accounts.account(named: name), accounts.identity)
        if undo {
            try await identity.accounts.change(account.id, AccountChange(isDisabled: false), by: .localRoot)
            return Console.note("\(account.name.text) can log in again.")
        }
        let sessions = try await identity.sessions.list(of: account.id, by: .localRoot).count
        let tokens = try await identity.tokens.list(of: account.id, by: .localRoot).count
        // First, because it is refused for the last owner: nothing ends then.
        if !onlySessions {
            try await identity.accounts.change(account.id, AccountChange(isDisabled: true), by: .localRoot)
        }
        // Also tokens that root made, which the end of the sessions leaves; those that a session makes meanwhile go with it.
        try await identity.tokens.revokeAll(of: account.id, by: .localRoot)
        try await identity.sessions.revokeAll(of: account.id, by: .localRoot)
        Console.note(
            "\(account.name.text): \(sessions) sessions and \(tokens) tokens ended"
                + (onlySessions ? "." : ", and the account is disabled."))
    }
}
