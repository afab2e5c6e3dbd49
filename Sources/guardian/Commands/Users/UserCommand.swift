import ArgumentParser

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Manages who may log in to a recorder or node on this machine, also when a password is lost.",
        discussion: "Example: guardian user link Ada",
        subcommands: [
            UserAddCommand.self, UserListCommand.self, UserPasswordCommand.self, UserLinkCommand.self,
            UserTokenCommand.self, UserRevokeCommand.self, UserSetupLinkCommand.self,
        ])
}
