import ArgumentParser
import Foundation
import GuardianCore
import GuardianONVIF
import Logging

struct CameraDiscoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discover",
        abstract: "Looks for ONVIF cameras in the networks of this machine, or asks one for its streams.",
        discussion: """
            Example: guardian camera discover
            Example: guardian camera discover --address 192.168.1.20 --username admin --password-file password
            """)

    @Flag(help: "Print JSON.")
    var json = false

    @Option(help: "How many seconds to search, from 1 to 60.")
    var seconds = 4

    @Option(help: "Ask this camera instead of searching: HOST, HOST:PORT, or the web address of its ONVIF service.")
    var address: String?

    @Option(help: "The name of one of the camera's users.")
    var username: String?

    @Option(help: "A file that contains the password of that user.")
    var passwordFile: String?

    @Flag(help: "Send the password so that others on the network can read it, if the camera takes it in no other way.")
    var allowClearText = false

    @Option(help: "Also ask addresses of this kind: loopback or link-local. May be repeated.")
    var allow: [AllowedAddresses] = []

    enum AllowedAddresses: String, CaseIterable, ExpressibleByArgument {
        case loopback
        case linkLocal = "link-local"
    }

    func validate() throws {
        guard (1...60).contains(seconds) else { throw ValidationError("--seconds must be from 1 to 60.") }
        guard (username == nil) == (passwordFile == nil) else {
            throw ValidationError("Give --username and --password-file together.")
        }
        guard address != nil || username == nil else {
            throw ValidationError("A login is for one camera: give its --address.")
        }
    }

    func run() async throws {
        let logger = Logger(label: "guardian.camera")
        let rules = AddressRules(
            allowsLoopback: allow.contains(.loopback), allowsLinkLocal: allow.contains(.linkLocal))
        guard let address else { return try await search(rules, logger) }
        let login = try login()
        let client = ONVIFClient(rules: rules, logger: logger)
        do {
            try await ask(ONVIFCamera(CameraAddress(address), login: login, client: client))
        } catch {
            try await client.close()
            throw error
        }
        try await client.close()
    }

    private func login() throws -> CameraLogin? {
        guard let username, let passwordFile else { return nil }
        let password = try SecretFile.text(of: passwordFile)
        return CameraLogin(name: username, password: password, allowsClearText: allowClearText)
    }

    private func search(_ rules: AddressRules, _ logger: Logger) async throws {
        var found: [FoundCameraView] = []
        for try await camera in CameraSearch(rules: rules, logger: logger).cameras(for: .seconds(seconds)) {
            let view = FoundCameraView(camera)
            if json { found.append(view) } else { Console.line(view.line) }
            if !json, let note = view.note { Console.note(note) }
        }
        if json { return try show(["items": found]) }
        Console.note("Ask one for its streams with --address, --username and --password-file.")
    }

    private func ask(_ camera: ONVIFCamera) async throws {
        var camera = camera
        // A camera that does not tell its time may still have streams.
        let clock = try? await camera.clock()
        let information = try await camera.information()
        let view = AskedCameraView(information, clock, try await camera.streams())
        if json { return try show(view) }
        for line in view.lines { Console.line(line) }
    }

    private func show(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        Console.line(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
