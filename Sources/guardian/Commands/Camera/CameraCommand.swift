import ArgumentParser

struct CameraCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "camera",
        abstract: "Finds cameras, and the addresses of their streams.",
        discussion: "Example: guardian camera discover",
        subcommands: [CameraDiscoverCommand.self])
}
