import ArgumentParser
import GuardianCore

struct CameraAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds a camera, or those of a search that you choose. They are tested first, and recorded at once.",
        discussion: """
            Example: guardian camera add "Front door" rtsp://192.168.1.20/stream1 --username admin
            Example: guardian camera add Yard rtsp://192.168.1.21/main --detect rtsp://192.168.1.21/sub \
                --username admin --password-file yard.password
            Example: guardian camera add --discover
            Example: guardian camera add --discover --all --maker Hikvision --username admin \
                --password-file cameras.password
            """)

    @OptionGroup var options: CameraServerOptions

    @Argument(help: "The name that people see.")
    var name: String?

    @Argument(help: "The address of the stream that is recorded, without a password.")
    var source: String?

    @OptionGroup var search: CameraSearchOptions

    @Option(help: "Its id in addresses; made of the name without it. The id of a removed camera brings that one back.")
    var id: CameraAlias?

    @OptionGroup var address: CameraAddressOptions

    @Flag(help: "Record sound too, which is illegal in many places.")
    var audio = false

    @Flag(help: "Add it without a test, or although the test fails.")
    var untested = false

    func validate() throws {
        guard search.discover else {
            guard name != nil, source != nil else {
                throw ValidationError("Give a name and an address, or --discover.")
            }
            return
        }
        guard name == nil, id == nil, address.detect == nil else {
            throw ValidationError(
                "--discover takes names and addresses from the cameras: give none, and no --id or --detect.")
        }
    }

    func run() async throws {
        guard let name, let source else {
            var addition = FoundCameraAddition(
                server: try options.server(), search: search, address: address, audio: audio, untested: untested)
            return try await addition.run()
        }
        try await add(name, at: source)
    }

    private func add(_ name: String, at source: String) async throws {
        var body = try address.body(source)
        (body.name, body.audio) = (name, audio ? true : nil)
        try await options.server().addTested(body, as: id, untested: untested)
    }
}

extension CameraServer {
    /// Tests a camera, says what was found, and adds it if it can be read.
    ///
    /// - Parameter id: made of the name if it is `nil`.
    /// - Throws: `failedPrecondition` when it cannot be read.
    func addTested(_ camera: CameraBody, as id: CameraAlias? = nil, untested: Bool) async throws {
        var camera = camera
        if !untested {
            let result = try await test(camera)
            CameraTestCommand.show(result, json: false)
            guard result.ok else {
                throw GuardianError(
                    .failedPrecondition,
                    "The camera was not added, because it cannot be read; --untested adds it anyway.")
            }
        }
        // A test would take the passwords of the camera that has this id.
        camera.id = id?.text
        let added = try await add(camera)
        Console.note("\(added.name) is recorded; its id is \(added.id).")
    }
}
