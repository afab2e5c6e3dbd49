import ArgumentParser
import Foundation
import GuardianInference
import GuardianOperations
import Logging

struct AICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ai",
        abstract: "Runs the AI service: it analyses the cameras' streams and has no keys.",
        discussion: "Example: guardian ai --config /etc/guardian/ai.yaml")

    @OptionGroup var options: ConfigurationOptions

    @Option(
        help: ArgumentHelp(
            "Try to open these files in the sandbox, print what is possible, and end.", visibility: .private))
    var attempt: [String] = []

    func run() async throws {
        let configuration = try InferenceServiceConfiguration(options.open().root)
        LogFormat.bootstrap(process: "ai", level: configuration.logLevel)
        guard let confinement = Sandbox.current else {
            try configuration.sandbox(configuration: options.config).enter()
        }
        guard attempt.isEmpty else {
            Console.line("sandbox: \(confinement)")
            for path in attempt { Console.line("\(Self.possible(at: path)) \(path)") }
            return
        }
        let logger = Logger(label: "guardian.ai")
        try await InferenceServer(configuration, confinement: confinement, logger: logger).run()
    }

    /// Returns `read`, `write`, both joined by a comma, or why neither is possible.
    private static func possible(at path: String) -> String {
        var reason: Int32 = 0
        let found = [("read", O_RDONLY), ("write", O_WRONLY | O_APPEND)].filter { _, mode in
            let descriptor = open(path, mode | O_CLOEXEC)
            guard descriptor >= 0 else {
                reason = errno
                return false
            }
            // Some files of other processes can be opened and not read.
            var byte: UInt8 = 0
            let isUsable = mode & O_ACCMODE != O_RDONLY || read(descriptor, &byte, 1) >= 0 || errno == EISDIR
            close(descriptor)
            return isUsable
        }
        return found.isEmpty ? "nothing (errno \(reason))" : found.map(\.0).joined(separator: ",")
    }
}
