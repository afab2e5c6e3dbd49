import ArgumentParser

/// The server of the archive: a node or recorder by its address, or one on this machine by its configuration.
struct ArchiveServerOptions: ParsableArguments {
    @Option(help: "The web address of a node, or of a recorder, which forwards to its node.")
    var node: String?

    @Option(help: "The configuration of a recorder or node on this machine, instead of an address.")
    var config: String?

    @OptionGroup var proof: ServerProofOptions

    func validate() throws {
        if node != nil, config != nil { throw ValidationError("Give --node or --config, not both.") }
    }

    func server() throws -> ArchiveServer {
        if let node { return ArchiveServer(try proof.server(node)) }
        guard let config else {
            throw ValidationError("Give the server: --node https://localhost:8490, or --config edge.yaml.")
        }
        return ArchiveServer(try LocalServer(configuration: config).address())
    }
}
