import Foundation
import GuardianCore
import GuardianIdentity
import GuardianOperations

/// Where a Guardian server's web API is, what proves that it is this server, and what proves who asks.
struct ServerAddress: Sendable {
    /// Such as `https://localhost:8490`, without a slash at the end.
    let url: String
    /// A PEM file with the authority of its certificate; `nil` for one that is publicly trusted.
    let authority: String?
    let token: Secret<String>?
    /// The literal address to connect to, when `url` has a name instead of it.
    private(set) var addressed: String?

    /// A name that every certificate of an installation's own authority has. BoringSSL does not know constraints of addresses, so
    /// a server is asked by this name even where a person wrote its address.
    static let nameOfAll = "guardian.local"

    /// - Throws: `invalidArgument` when it is not a web address, or another machine's without https.
    init(url: String, authority: String?, token: Secret<String>?) throws {
        guard var parts = URLComponents(string: url), let host = parts.host, ["http", "https"].contains(parts.scheme)
        else {
            throw GuardianError(.invalidArgument, "\(url) is not a web address such as https://localhost:8490.")
        }
        // A server on this machine would only redirect; another one must not be asked unencrypted even once.
        if ["localhost", "127.0.0.1", "::1", "[::1]"].contains(host) {
            parts.scheme = "https"
            parts.host = "localhost"
        }
        if parts.host.map(Self.isAddress) == true {
            addressed = parts.host
            parts.host = Self.nameOfAll
        }
        guard parts.scheme == "https", let address = parts.string else {
            throw GuardianError(.invalidArgument, "\(url) is not encrypted: write https.")
        }
        self.url = address.hasSuffix("/") ? String(address.dropLast()) : address
        self.authority = authority
        self.token = token
    }

    /// The name that its certificate must have.
    var name: String { URLComponents(string: url)?.host ?? Self.nameOfAll }

    private static func isAddress(_ host: String) -> Bool {
        var four = in_addr()
        var six = in6_addr()
        let bare = host.trimmingCharacters(in: ["[", "]"])
        return inet_pton(AF_INET, bare, &four) == 1 || inet_pton(AF_INET6, bare, &six) == 1
    }

    /// A server on this machine, with the token of its state folder.
    ///
    /// - Parameters:
    ///   - host: the address that it listens on, or `localhost`.
    ///   - name: the name that its certificate has; `nil` for one of the installation's own authority.
    ///   - file: the file with the token (`IdentityFiles.localToken`).
    /// - Throws: `failedPrecondition` when the server has not started yet.
    init(host: String, port: Int, name: String?, authority: String?, tokenFile file: String) throws {
        let token: Secret<String>
        do {
            // Root asks a server that runs as another user, to which it sends what it reads here.
            let bytes = try ForeignFile.read(file, limit: 4096)
            token = Secret(String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines))
        } catch {
            guard error.code != .failedPrecondition else { throw error }
            throw GuardianError(
                .failedPrecondition,
                "There is no readable token in \(file): start the server, and run this as the user it runs as, or root.",
                cause: error)
        }
        guard TokenText.isWellFormed(token) else {
            throw GuardianError(
                .failedPrecondition, "\(file) holds no token: restart the server, which makes a new one.")
        }
        let literal = host.contains(":") ? "[\(host)]" : host
        try self.init(url: "https://\(name ?? literal):\(port)", authority: authority, token: token)
        // Asked by its name, but never at another machine that the name may mean.
        if name != nil { addressed = host == "localhost" ? "127.0.0.1" : host }
    }
}
