import ArgumentParser
import Foundation
import GuardianConfiguration
import GuardianCore
import GuardianEdge
import GuardianOperations

struct CameraExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Prints the cameras as the section `cameras` of a configuration file.",
        discussion: """
            It reads the state folder, so that the recorder need not run.

            Example: guardian camera export
            Example: guardian camera export --with-passwords --output cameras.yaml
            """)

    @OptionGroup var options: CameraConfigurationOptions

    @Flag(help: "With the cameras' passwords: only into a file, which only you may read.")
    var withPasswords = false

    @Option(help: "The file to write, instead of printing.")
    var output: String?

    func validate() throws {
        guard !withPasswords || output != nil else { throw ValidationError("--with-passwords needs --output.") }
    }

    func run() async throws {
        let server = try LocalServer(configuration: options.config)
        let text = try CameraExport.yaml(state: server.state, withPasswords: withPasswords)
        guard let output else { return Console.line(text) }
        do { try Durability.replace(output, with: Array((text + "\n").utf8), mode: 0o600) } catch {
            throw GuardianError(.permissionDenied, "\(output) cannot be written; name another file.", cause: error)
        }
        Console.note("Written to \(output).")
    }
}

struct CameraConfigurationOptions: ParsableArguments {
    @Option(help: "The configuration of the recorder.")
    var config = "/etc/guardian/edge.yaml"
}
