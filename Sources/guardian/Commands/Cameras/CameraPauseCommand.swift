import ArgumentParser
import GuardianCore

struct CameraPauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Stops recording a camera until it is resumed. The coverage says that it was paused.",
        discussion: "Example: guardian camera pause front")

    @OptionGroup var options: CameraServerOptions

    @Argument(help: "The camera's id.")
    var camera: CameraAlias

    func run() async throws {
        let view = try await options.server().pause(camera, true)
        Console.note("\(view.name) is paused.")
    }
}

struct CameraResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Records a paused camera again.",
        discussion: "Example: guardian camera resume front")

    @OptionGroup var options: CameraServerOptions

    @Argument(help: "The camera's id.")
    var camera: CameraAlias

    func run() async throws {
        let view = try await options.server().pause(camera, false)
        Console.note("\(view.name) is recorded again.")
    }
}
