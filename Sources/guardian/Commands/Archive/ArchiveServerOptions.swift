import ArgumentParser
import GuardianConfiguration
import GuardianCore
import GuardianEdge
import GuardianNode

/// Whom to ask for the archive: a node, or a recorder or node of this machine by its configuration.
struct ArchiveServerOptions: ParsableArguments {
    @Option(help: "The node's web address, or a recorder's, which asks its node.")
    var node: String?

    @Option(help: "The configuration of a recorder or node on this machine, instead of an address.")
    var config: String?

    @Option(help: "A file with a token, for a node that asks for one.")
    var tokenFile: String?

    func validate() throws {
        if node != nil, config != nil { throw ValidationError("Give --node or --config, not both.") }
    }

    func server() throws -> ArchiveServer {
        let token = try tokenFile.map(SecretFile.text(of:))
        if let node { return try ArchiveServer(url: node, token: token) }
        guard let config else {
            throw ValidationError("Say whom to ask: --node http://127.0.0.1:8490, or --config edge.yaml.")
        }
        let root = try ConfigurationFile(path: config).root
        let web = root.has("grpc") ? try NodeConfiguration(root).web : try EdgeConfiguration(root).web
        let host = web.host.contains(":") ? "[\(web.host)]" : web.host
        return try ArchiveServer(url: "http://\(host):\(web.port)", token: token)
    }
}
