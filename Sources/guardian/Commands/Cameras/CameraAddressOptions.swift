import ArgumentParser
import GuardianCore
import GuardianEdge

extension CameraConfiguration.Transport: ExpressibleByArgument {}

/// A camera's address and how to log in there.
struct CameraAddressOptions: ParsableArguments {
    @Option(help: "The address of a second, smaller stream of the same view, for detection.")
    var detect: String?

    @Option(help: "The user name to log in to the camera with; its password is asked for.")
    var username: String?

    @Option(help: "A file with the camera's password, instead of asking for it.")
    var passwordFile: String?

    @Option(help: "tcp or udp.")
    var transport: CameraConfiguration.Transport?

    func validate() throws {
        guard passwordFile == nil || username != nil else { throw ValidationError("--password-file needs --username.") }
    }

    /// - Throws: `invalidArgument` when an address has a password: every user of this machine may read the command line.
    func body(_ source: String) throws -> CameraBody {
        for address in [source, detect].compactMap({ $0 }) where CameraAddressText.holdsSecret(address) {
            throw GuardianError(
                .invalidArgument,
                "Every user of this machine may read the command line: leave the password out of the address, and give "
                    + "--username.")
        }
        var body = CameraBody(source: source)
        body.detect = detect
        body.username = username
        body.transport = transport?.rawValue
        body.password = try password()?.reveal()
        return body
    }

    /// - Returns: `nil` without a user name.
    func password() throws -> Secret<String>? {
        guard username != nil else { return nil }
        guard let passwordFile else {
            return try Passphrase.asked("The camera's password: ", option: "--password-file")
        }
        return try SecretFile.text(of: passwordFile)
    }
}
