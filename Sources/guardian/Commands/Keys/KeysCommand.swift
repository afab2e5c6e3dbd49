import ArgumentParser

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Creates and shows the keys that open sealed clips.",
        discussion: "Example: guardian keys new --output owner.keys > recovery-code.txt",
        subcommands: [KeysNewCommand.self, KeysShowCommand.self, KeysLockCommand.self])
}
