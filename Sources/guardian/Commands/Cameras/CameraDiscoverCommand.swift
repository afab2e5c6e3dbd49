import ArgumentParser
import GuardianCore
import GuardianEdge
import GuardianHTTP
import GuardianONVIF
import Logging

struct CameraDiscoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discover",
        abstract: "Looks for ONVIF cameras in the networks of this machine, or asks one for its streams.",
        discussion: """
            It needs no recorder that runs.

            Example: guardian camera discover
            Example: guardian camera discover --address 192.168.1.20 --username admin --password-file password
            """)

    @Flag(help: "Print JSON, as in the web API; passwords in the streams' addresses are replaced by ….")
    var json = false

    @Option(help: "How many seconds to search, from 1 to 30.")
    var seconds = CameraInquiry.usualSeconds

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
        guard CameraInquiry.seconds.contains(seconds) else { throw ValidationError("--seconds must be from 1 to 30.") }
        guard (username == nil) == (passwordFile == nil) else {
            throw ValidationError("Give --username and --password-file together.")
        }
        guard address != nil || username == nil else {
            throw ValidationError("A login is for one camera: give its --address.")
        }
    }

    func run() async throws {
        let finder = CameraFinder(
            rules: AddressRules(
                allowsLoopback: allow.contains(.loopback), allowsLinkLocal: allow.contains(.linkLocal)),
            logger: Logger(label: "guardian.camera"))
        let found = try await finder.answer(try inquiry()).map(\.withoutSecrets)
        // One camera was asked: that it did not answer is why this command fails.
        if address != nil, let camera = found.first, camera.outcome != .streams {
            throw GuardianError(.failedPrecondition, camera.note ?? "The camera has no streams.")
        }
        if json {
            return Console.line(String(buffer: try JSON.encode(FoundCamerasView(items: found))))
        }
        for camera in found { camera.lines.forEach(Console.line) }
        if address == nil {
            Console.note(
                "Ask one for its streams with --address, --username and --password-file; add some with guardian camera add "
                    + "--discover.")
        }
    }

    private func inquiry() throws -> CameraInquiry {
        guard let address else { return .search(.seconds(seconds)) }
        return .streams([try CameraAddress(address)], try login())
    }

    private func login() throws -> CameraLogin? {
        guard let username, let passwordFile else { return nil }
        let password = try SecretFile.text(of: passwordFile)
        return CameraLogin(name: username, password: password, allowsClearText: allowClearText)
    }
}

extension FoundCameraView {
    /// For a terminal. The addresses of streams may hold passwords, unless they were removed.
    var lines: [String] {
        let texts = [maker, model, name].compactMap { $0 }
        var lines = [texts.isEmpty ? address : "\(address)  \(texts.joined(separator: " · "))"]
        for stream in streams {
            lines.append("  main: \(stream.summary)")
            if let detect = stream.detect {
                lines.append("  detection: \(FoundStreamView.size(stream.detectWidth, stream.detectHeight))\(detect)")
            }
        }
        if let note { lines.append("  \(note)") }
        return lines
    }
}

extension FoundStreamView {
    fileprivate var summary: String { "\(codec.map { "\($0) " } ?? "")\(Self.size(width, height))\(source)" }

    fileprivate static func size(_ width: Int?, _ height: Int?) -> String {
        guard let width, let height else { return "" }
        return "\(width)×\(height)  "
    }
}
