import ArgumentParser

struct EdgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edge",
        abstract: "Runs the recorder: cameras, events, clips, the web UI. Or gets it a certificate from a node.",
        discussion: """
            Example: guardian edge --config /etc/guardian/edge.yaml
            Example: guardian edge enrol --node https://node.example:9444 --code-file code.txt
            """,
        subcommands: [EdgeRunCommand.self, EdgeEnrolCommand.self], defaultSubcommand: EdgeRunCommand.self)
}
