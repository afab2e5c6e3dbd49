import ArgumentParser

struct CameraCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "camera",
        abstract: "Finds cameras, and adds, changes, tests and removes those of the recorder on this machine.",
        discussion: "Example: guardian camera add \"Front door\" rtsp://192.168.1.20/stream1 --username admin",
        subcommands: [
            CameraDiscoverCommand.self, CameraAddCommand.self, CameraListCommand.self, CameraTestCommand.self,
            CameraPauseCommand.self,
            CameraResumeCommand.self, CameraRemoveCommand.self, CameraExportCommand.self,
        ])
}
