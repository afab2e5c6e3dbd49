import ArgumentParser
import GuardianEdge
import GuardianOperations
import Logging

struct EdgeRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs the recorder: cameras, events, clips, the web UI.",
        discussion: "Example: guardian edge --config /etc/guardian/edge.yaml")

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try EdgeConfiguration.toRecord(options.open().root)
        LogFormat.bootstrap(process: "edge", level: configuration.logLevel)
        let logger = Logger(label: "guardian.edge")
        let edge = Edge(configuration, logger: logger) { link in
            // The log has the link too; a code that cannot be drawn is missed by nobody.
            if Console.isTerminal { try? Console.qrCode(of: "\(link)") }
        }
        guard try await edge.run() == .startAgain else { return }
        logger.notice("starting again")
        OwnProgram.startAgain()
        throw ExitCode(OwnProgram.mayStartAgain)
    }
}
