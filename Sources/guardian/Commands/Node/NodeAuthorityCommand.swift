import ArgumentParser
import GuardianCore

struct NodeAuthorityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "authority",
        abstract: "Prints the fingerprint of a node's authority, by which edges without a code know the node.",
        discussion: "Example: guardian node authority")

    @OptionGroup var options: LocalNodeOptions

    func run() async throws { Console.line(try options.open().authority().fingerprint().hex) }
}
