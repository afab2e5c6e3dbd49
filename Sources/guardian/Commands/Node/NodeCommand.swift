import ArgumentParser

struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node",
        abstract:
            "Runs the node: it stores what edges send and cannot open any of it. Or manages its tenants and devices.",
        discussion: """
            Example: guardian node --config /etc/guardian/node.yaml
            Example: guardian node tenant code home
            """,
        subcommands: [NodeRunCommand.self, TenantCommand.self, DeviceCommand.self, NodeAuthorityCommand.self],
        defaultSubcommand: NodeRunCommand.self)
}
