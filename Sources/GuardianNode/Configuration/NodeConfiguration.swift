import GuardianConfiguration
import GuardianCore
import GuardianHTTP
import GuardianWire
import Logging

/// Everything that a node is told at its start: docs/reference/configuration.md says the same for people.
public struct NodeConfiguration: Sendable {
    /// The folder that holds the tenants' files.
    public var state: String
    public var logLevel: Logger.Level
    /// Where the HTTP API listens.
    public var web: ListenAddress
    /// Where edges reach the node.
    public var grpc: NodeAddress
    /// The node's certificate and key, and the authority that signs the edges' certificates: PEM files.
    public var credentials: CredentialFiles
    /// Where sealed clips are kept.
    public var archive: ArchiveConfiguration

    /// - Throws: `GuardianError` that names file, line and what to write instead.
    public init(_ root: ConfigurationSection) throws {
        state = try root.string("state") ?? "/var/lib/guardian-node"
        guard state.hasPrefix("/") else { throw root.refusal("state", "must be an absolute path") }
        logLevel = try root.section("log").choice("level") ?? .info
        web = try Self.listenAddress(root.section("web"), port: 8490)
        let grpc = try root.section("grpc")
        let address = try Self.listenAddress(grpc, port: 9443)
        self.grpc = NodeAddress(host: address.host == "localhost" ? "127.0.0.1" : address.host, port: address.port)
        func file(_ key: String) throws -> String {
            guard let path = try grpc.string(key) else {
                throw grpc.refusal(key, "is missing: write the path of a PEM file")
            }
            return path
        }
        credentials = CredentialFiles(
            certificate: try file("certificate"), key: try file("key"), authority: try file("authority"))
        archive = try ArchiveConfiguration(root.section("archive"), state: state)
        try root.finish()
    }

    private static func listenAddress(_ section: ConfigurationSection, port: Int) throws -> ListenAddress {
        let host = try section.string("address") ?? "127.0.0.1"
        let port = try section.integer("port", in: 0...65_535) ?? port
        do { return try ListenAddress(host: host, port: port) } catch let error as GuardianError {
            throw section.refusal("address", "is refused: \(error.message)")
        }
    }
}
