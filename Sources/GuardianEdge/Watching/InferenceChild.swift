import Foundation
import GuardianConfiguration
import GuardianCore
import GuardianOperations
import Logging

/// Writes the configuration of an AI service that is the edge's child process.
enum InferenceChild {
    /// Variables of our environment that the child gets: nothing that may hold a secret.
    private static let variables = ["GUARDIAN_LOG_LEVEL", "LD_LIBRARY_PATH", "TZ"]

    /// Returns the supervised process, which is not started yet.
    ///
    /// - Throws: `GuardianError` when its configuration cannot be written.
    static func supervised(
        socket: String, configuration: InferenceConfiguration, folder: StateFolder, logger: Logger
    ) throws -> SupervisedProcess {
        let text = try """
        # Written by the edge at each start.
        socket: \(YAMLScalar.quoted(socket))
        model: \(YAMLScalar.quoted(configuration.places.model.path))
        runtime: \(YAMLScalar.quoted(configuration.places.libraries.path))
        pidFile: \(YAMLScalar.quoted(folder.inferencePID))

        """
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder.inferenceConfiguration), options: .atomic)
        } catch {
            throw GuardianError(.resourceExhausted, "\(folder.inferenceConfiguration) cannot be written.", cause: error)
        }
        try PrivateFolder.create(URL(fileURLWithPath: socket).deletingLastPathComponent().path)
        StateRoom(of: folder).sweepInferenceFolder()
        // The child of an edge that crashed may still listen there while it ends: no client may connect to it.
        unlink(socket)
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return SupervisedProcess(
            ProcessSpecification(
                name: "ai", executable: program, arguments: ["ai", "--config", folder.inferenceConfiguration],
                environment: ProcessInfo.processInfo.environment.filter { variables.contains($0.key) },
                inheritsEnvironment: false),
            backoff: Backoff(base: .milliseconds(100), limit: .seconds(3)), logger: logger)
    }
}
