import ArgumentParser
import GuardianCore

struct CameraRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Removes a camera. Its footage and its events stay; adding its id again continues them.",
        discussion: "Example: guardian camera remove yard")

    @OptionGroup var options: CameraServerOptions

    @Argument(help: "The camera's id.")
    var camera: CameraAlias

    func run() async throws {
        try await options.server().remove(camera)
        Console.note("The camera \(camera) is removed; its footage stays.")
    }
}
