import ArgumentParser
import GuardianNode
import GuardianOperations
import Logging

struct NodeRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs the node: it stores what edges send and cannot open any of it.",
        discussion: "Example: guardian node --config /etc/guardian/node.yaml")

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try NodeConfiguration(options.open().root)
        LogFormat.bootstrap(process: "node", level: configuration.logLevel)
        try await Node(configuration, logger: Logger(label: "guardian.node")).run()
    }
}
