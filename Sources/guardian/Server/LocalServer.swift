import GuardianConfiguration
import GuardianCore
import GuardianEdge
import GuardianHTTP
import GuardianIdentity
import GuardianNode

/// A recorder or node on this machine, as its configuration describes it.
struct LocalServer {
    let state: String
    let web: ListenAddress
    private let tls: WebTLSConfiguration
    /// A node has no names of cameras.
    let isRecorder: Bool

    /// - Throws: `GuardianError` that names what is wrong with the file.
    init(configuration path: String) throws {
        let root = try ConfigurationFile(path: path).root
        isRecorder = !root.isNode
        if isRecorder {
            // As the recorder that runs with it.
            let edge = try EdgeConfiguration.toRecord(root)
            (state, web, tls) = (edge.state, edge.web, edge.webTLS)
        } else {
            let node = try NodeConfiguration(root)
            (state, web, tls) = (node.state, node.web, node.webTLS)
        }
    }

    /// Where people open its pages.
    var pages: PageAddresses { PageAddresses(of: web, tls: tls) }

    var identity: IdentityFiles { IdentityFiles(folder: state) }

    /// The accounts of a realm. Those of a tenant that nobody has opened yet are made.
    ///
    /// - Throws: `notFound` for a tenant that does not exist, `failedPrecondition` at a recorder.
    func identity(of realm: AccountRealm) async throws -> IdentityFiles {
        guard realm != .home else { return identity }
        guard !isRecorder else {
            throw GuardianError(.failedPrecondition, "A recorder has no tenants; leave --tenant out.")
        }
        return IdentityFiles(folder: try await NodeFolders(state: state).makeAccountsOfExisting(realm))
    }

    /// The file with the authority of its certificate; `nil` with an own certificate.
    var authority: String? { tls.authorityFile(state: state) }

    /// Its web API, and the proof of whoever may read its state folder.
    ///
    /// - Throws: `failedPrecondition` when it has not started yet.
    func address() throws -> ServerAddress {
        try ServerAddress(
            host: web.isEveryInterface ? "localhost" : web.host, port: web.port, name: tls.ownName,
            authority: authority, tokenFile: identity.localToken)
    }
}
