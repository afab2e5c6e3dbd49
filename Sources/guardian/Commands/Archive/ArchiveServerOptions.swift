import ArgumentParser
import GuardianConfiguration
import GuardianCore
import GuardianEdge
import GuardianNode

/// The server of the archive: a node or recorder by its address, or one on this machine by its configuration.
struct ArchiveServerOptions: ParsableArguments {
    @Option(help: "The web address of a node, or of a recorder, which forwards to its node.")
    var node: String?

    @Option(help: "The configuration of a recorder or node on this machine, instead of an address.")
    var config: String?

    @Option(help: "A file with a token, for a node that needs one.")
    var tokenFile: String?

    func validate() throws {
        if node != nil, config != nil { throw ValidationError("Give --node or --config, not both.") }
    }

    func server() throws -> ArchiveServer {
        let token = try tokenFile.map(SecretFile.text(of:))
        if let node { return try ArchiveServer(url: node, token: token) }
        guard let config else {
            throw ValidationError("Give the server: --node http://127.0.0.1:8490, or --config edge.yaml.")
        }
        let root = try ConfigurationFile(path: config).root
        let web = root.has("grpc") ? try NodeConfiguration(root).web : try EdgeConfiguration(root).web
        let host = web.host.contains(":") ? "[\(web.host)]" : web.host
        return try ArchiveServer(url: "http://\(host):\(web.port)", token: token)
    }
}
