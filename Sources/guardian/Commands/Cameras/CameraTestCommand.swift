import ArgumentParser
import GuardianCore
import GuardianHTTP

struct CameraTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Tests a camera, or an address before it is added: what it sends, and what is wrong.",
        discussion: """
            Example: guardian camera test front
            Example: guardian camera test rtsp://192.168.1.20/stream1 --username admin
            """)

    @OptionGroup var options: CameraServerOptions

    @Argument(help: "A camera's id, or an address.")
    var camera: String

    @OptionGroup var address: CameraAddressOptions

    @Flag(help: "Print the result as JSON, as in the web API.")
    var json = false

    func run() async throws {
        let result: CameraTestView
        if let alias = CameraAlias(camera) {
            result = try await options.server().test(alias)
        } else {
            let body = try address.body(camera)
            result = try await options.server().test(body)
        }
        Self.show(result, json: json)
        if !result.ok { throw ExitCode.failure }
    }

    /// Prints what a test found; never the picture as text.
    static func show(_ result: CameraTestView, json: Bool) {
        var result = result
        result.picture = nil
        if json, let text = try? JSON.encode(result) { return Console.line(String(buffer: text)) }
        if result.ok {
            var facts = [result.codec ?? "video"]
            if let width = result.width, let height = result.height { facts.append("\(width) × \(height)") }
            if let fps = result.fps { facts.append("\(fps) frames a second") }
            if let gop = result.gopSeconds { facts.append("a keyframe every \(gop) s") }
            Console.line("It works: \(facts.joined(separator: ", ")).")
        } else {
            Console.line("It does not work: \(result.reason ?? "it cannot be read").")
        }
        for advice in result.advice { Console.line("  \(advice)") }
    }
}
