import ArgumentParser

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Makes and keeps what opens sealed clips.",
        discussion: "Example: guardian keys new --output owner.keys > recovery-code.txt",
        subcommands: [KeysNewCommand.self, KeysShowCommand.self, KeysLockCommand.self])
}
