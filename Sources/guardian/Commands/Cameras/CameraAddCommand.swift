import ArgumentParser
import GuardianCore

struct CameraAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds a camera, which is recorded at once. It is tested first.",
        discussion: """
            Example: guardian camera add "Front door" rtsp://192.168.1.20/stream1 --username admin
            Example: guardian camera add Yard rtsp://192.168.1.21/main --detect rtsp://192.168.1.21/sub \
                --username admin --password-file yard.password
            """)

    @OptionGroup var options: CameraServerOptions

    @Argument(help: "The name that people see.")
    var name: String

    @Argument(help: "The address of the stream that is recorded, without a password.")
    var source: String

    @Option(help: "Its id in addresses; made of the name without it. The id of a removed camera brings that one back.")
    var id: CameraAlias?

    @OptionGroup var address: CameraAddressOptions

    @Flag(help: "Record sound too, which is illegal in many places.")
    var audio = false

    @Flag(help: "Add it without a test, or although the test fails.")
    var untested = false

    func run() async throws {
        var body = try address.body(source)
        let server = try options.server()
        (body.name, body.audio) = (name, audio ? true : nil)
        if !untested {
            let result = try await server.test(body)
            CameraTestCommand.show(result, json: false)
            guard result.ok else {
                throw GuardianError(
                    .failedPrecondition,
                    "The camera was not added, because it cannot be read; --untested adds it anyway.")
            }
        }
        body.id = id?.text
        let camera = try await server.add(body)
        Console.note("\(camera.name) is recorded; its id is \(camera.id).")
    }
}
