import Foundation
import GuardianConfiguration
import GuardianCore
import GuardianHTTP
import GuardianWire
import Logging

/// The edge's configuration; see docs/reference/configuration.md.
public struct EdgeConfiguration: Sendable {
    /// The folder with database, clips, snapshots and keys.
    public var state: String
    public var logLevel: Logger.Level
    /// Where the web UI and the API listen.
    public var web: ListenAddress
    /// The names and the certificate that it is reached by.
    public var webTLS: WebTLSConfiguration
    /// Whom it believes.
    public var webAccess: WebAccessConfiguration
    /// What is imported into the cameras' settings; `nil` when the file has no `cameras`, and so says nothing about them.
    public var importedCameras: [CameraConfiguration]?
    /// Whether cameras may be added at run time that are files or at addresses of this machine.
    public var allowsLocalCameraAddresses: Bool
    /// What it sets here holds, whatever is changed at run time.
    public var recording: RecordingConfiguration
    public var detection: DetectionConfiguration
    public var inference: InferenceConfiguration
    /// `nil`: entries are not delivered.
    public var node: NodeConnectionConfiguration?
    /// `nil`: nothing is archived.
    public var archive: ArchiveConfiguration?

    /// - Throws: `GuardianError` with file, line and what to write instead.
    public init(_ root: ConfigurationSection) throws {
        state = try root.string("state") ?? "/var/lib/guardian"
        guard state.hasPrefix("/") else { throw root.refusal("state", "must be an absolute path") }
        logLevel = try root.section("log").choice("level") ?? .info
        let web = try root.section("web")
        self.web = try web.listenAddress(port: 8480) { try ListenAddress(host: $0, port: $1) }
        webTLS = try web.webTLS { try WebTLSConfiguration(names: $0, certificate: $1, key: $2, authority: $3) }
        webAccess = try web.webAccess { try WebAccessConfiguration(proxies: WebProxies($0), metrics: $1 ?? .local) }
        let cameras = try root.list("cameras").map(CameraConfiguration.init)
        importedCameras = root.has("cameras") ? cameras : nil
        allowsLocalCameraAddresses = try root.boolean("allowLocalCameraAddresses") ?? false
        for (index, camera) in cameras.enumerated()
        where cameras[..<index].contains(where: { $0.alias == camera.alias }) {
            throw root.refusal("cameras", "has two cameras with the id “\(camera.alias)”; each needs its own")
        }
        guard cameras.count <= 64 else { throw root.refusal("cameras", "has more than 64 cameras") }
        recording = try RecordingConfiguration(form: RecordingForm(root.section("recording")))
        detection = try DetectionConfiguration(root.section("detection"))
        inference = try InferenceConfiguration(root.section("inference"), state: state)
        node = root.has("node") ? try NodeConnectionConfiguration(root.section("node")) : nil
        let known = Set(cameras.map(\.alias)).union(CameraIdentityFile.aliases(inState: state))
        archive = root.has("archive") ? try ArchiveConfiguration(root.section("archive"), cameras: known) : nil
        guard archive == nil || node != nil else {
            throw root.refusal("archive", "needs a node to send sealed clips to: write a node section too")
        }
        try root.finish()
    }

    /// The cameras that the file names.
    public var cameras: [CameraConfiguration] { importedCameras ?? [] }

    public struct DetectionConfiguration: Sendable {
        /// Most frame analyses per second.
        public var rate: Double

        init(_ section: ConfigurationSection) throws {
            rate = try section.number("rate", in: 1...10) ?? 5
        }
    }

    /// The node's address, and PEM files with certificate, key and authority for mutual TLS.
    public struct NodeConnectionConfiguration: Sendable {
        public var host: String
        public var port: Int
        public var credentials: CredentialFiles

        /// As the file has it, such as `node.example:9443`.
        var address: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

        public var target: NodeTarget { NodeTarget(host: host, port: port, credentials: credentials) }

        package init(host: String, port: Int, credentials: CredentialFiles) {
            (self.host, self.port, self.credentials) = (host, port, credentials)
        }

        init(_ section: ConfigurationSection) throws {
            let address = try section.value("address", "a host and a port, such as node.example:9443") {
                HostAndPort($0)
            }
            guard let address else { throw section.refusal("address", "is missing: write the node's host:port") }
            (host, port) = (address.host, address.port)
            credentials = try section.credentials { CredentialFiles(certificate: $0, key: $1, authority: $2) }
        }
    }
}
