import ArgumentParser
import Foundation
import GuardianCore

/// What proves to a server who asks, and to the client that it is this server.
struct ServerProofOptions: ParsableArguments {
    @Option(help: "A file with a token of `guardian user token`.")
    var tokenFile: String?

    @Option(
        help: """
            A PEM file with the authority of the server's certificate: web-authority/authority.pem of its state folder. \
            Without it: web-authority.pem beside the token, or what this machine trusts.
            """)
    var authority: String?

    func server(_ url: String) throws -> ServerAddress {
        try ServerAddress(
            url: url, authority: authority ?? authorityBesideToken,
            token: try tokenFile.map(SecretFile.text(of:)))
    }

    /// Whoever gives somebody a token gives the authority's certificate with it.
    private var authorityBesideToken: String? {
        guard let tokenFile else { return nil }
        let file = URL(filePath: tokenFile).deletingLastPathComponent().appending(path: "web-authority.pem").path
        return FileManager.default.fileExists(atPath: file) ? file : nil
    }
}
