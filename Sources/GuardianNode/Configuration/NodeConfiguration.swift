import GuardianConfiguration
import GuardianCore
import GuardianHTTP
import GuardianWire
import Logging

/// A node's configuration, as docs/reference/configuration.md describes it.
public struct NodeConfiguration: Sendable {
    /// The folder that holds the tenants' files.
    public var state: String
    public var logLevel: Logger.Level
    /// Where the HTTP API listens.
    public var web: ListenAddress
    /// The names and the certificate that it is reached by.
    public var webTLS: WebTLSConfiguration
    /// Whom it believes.
    public var webAccess: WebAccessConfiguration
    /// Where edges reach the node.
    public var grpc: NodeAddress
    /// The node's certificate and key, and the authority that signs the edges' certificates: PEM files. `nil`: the node's own
    /// authority signs all of them.
    public var credentials: CredentialFiles?
    /// Where edges get certificates of the node's own authority; `nil`: nowhere.
    public var enrolment: EnrolmentConfiguration?
    /// Bytes that stay free on the disk of `state`; `nil`: the default.
    public var keepFree: Int64?
    /// Where sealed clips are kept.
    public var archive: ArchiveConfiguration

    /// - Throws: `GuardianError` that names file, line and what to write instead.
    public init(_ root: ConfigurationSection) throws {
        state = try root.string("state") ?? "/var/lib/guardian-node"
        guard state.hasPrefix("/") else { throw root.refusal("state", "must be an absolute path") }
        logLevel = try root.section("log").choice("level") ?? .info
        let web = try root.section("web")
        self.web = try web.listenAddress(port: 8490) { try ListenAddress(host: $0, port: $1) }
        webTLS = try web.webTLS { try WebTLSConfiguration(names: $0, certificate: $1, key: $2, authority: $3) }
        webAccess = try web.webAccess { try WebAccessConfiguration(proxies: WebProxies($0), metrics: $1 ?? .local) }
        let grpc = try root.section("grpc")
        let address = try grpc.listenAddress(port: 9443) { try ListenAddress(host: $0, port: $1) }
        self.grpc = NodeAddress(address)
        enrolment = root.has("enrolment") ? try EnrolmentConfiguration(root.section("enrolment")) : nil
        let hasFiles = ["certificate", "key", "authority"].contains { grpc.has($0) }
        credentials =
            hasFiles || enrolment == nil
            ? try grpc.credentials { CredentialFiles(certificate: $0, key: $1, authority: $2) } : nil
        keepFree = try root.integer("keepFreeMegabytes", in: 1...1_000_000_000).map { Int64($0) << 20 }
        archive = try ArchiveConfiguration(root.section("archive"), state: state)
        try root.finish()
    }
}
