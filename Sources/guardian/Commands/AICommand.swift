import ArgumentParser
import GuardianInference
import GuardianOperations
import Logging

struct AICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ai",
        abstract: "Runs the AI service: it analyses the cameras' streams and has no keys.",
        discussion: "Example: guardian ai --config /etc/guardian/ai.yaml")

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try InferenceServiceConfiguration(options.open().root)
        LogFormat.bootstrap(process: "ai", level: configuration.logLevel)
        try await InferenceServer(configuration, logger: Logger(label: "guardian.ai")).run()
    }
}
