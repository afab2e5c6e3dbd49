import ArgumentParser
import GuardianCore

@main
struct Guardian: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guardian",
        abstract: "Private video security: a recorder at home, and a node that cannot see the video.",
        discussion: "Example: guardian demo",
        version: GuardianVersion.current,
        subcommands: [
            EdgeCommand.self, NodeCommand.self, AICommand.self, AnalyzeCommand.self, DoctorCommand.self,
            DemoCommand.self, KeysCommand.self, ArchiveCommand.self, UserCommand.self,
            CameraCommand.self,
        ])
}
