import ArgumentParser

struct CameraCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "camera",
        abstract: "Adds, changes, tests and removes cameras of the recorder that runs on this machine.",
        discussion: "Example: guardian camera add \"Front door\" rtsp://192.168.1.20/stream1 --username admin",
        subcommands: [
            CameraAddCommand.self, CameraListCommand.self, CameraTestCommand.self, CameraPauseCommand.self,
            CameraResumeCommand.self, CameraRemoveCommand.self, CameraExportCommand.self,
        ])
}
