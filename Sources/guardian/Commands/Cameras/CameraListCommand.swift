import ArgumentParser
import GuardianCore
import GuardianHTTP

struct CameraListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the cameras with their state.",
        discussion: "Example: guardian camera list --json")

    @OptionGroup var options: CameraServerOptions

    @Flag(help: "Print each camera as a line of JSON, as in the web API.")
    var json = false

    func run() async throws {
        for camera in try await options.server().list() {
            Console.line(json ? String(buffer: try JSON.encode(camera)) : Self.line(camera))
        }
    }

    private static func line(_ camera: CameraView) -> String {
        var columns = [camera.id.text, camera.state.rawValue, camera.name]
        if let settings = camera.settings {
            columns.append(settings.source + (settings.hasPassword ? " (password)" : ""))
        }
        if camera.state == .lost, let reason = camera.lastFailure { columns.append(reason) }
        return columns.joined(separator: "  ")
    }
}
