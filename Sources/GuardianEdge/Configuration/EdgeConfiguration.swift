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
    /// `nil`: entries are not delivered. The file's, or the one at which the edge enrolled.
    public var node: NodeConnectionConfiguration?
    /// `nil`: nothing is archived.
    public var archive: ArchiveConfiguration?
    /// What was left out.
    package private(set) var refusals: [RefusedSection] = []
    /// What names the node, be it refused.
    public let nodeOrigin: NodeOrigin
    /// Whether something names a node, be it refused.
    var hasNode: Bool { nodeOrigin != .none }

    /// - Throws: `GuardianError` with file, line and what to write instead.
    public init(_ root: ConfigurationSection) throws {
        try self.init(root) { throw $0.error }
    }

    /// The configuration of an edge that is to record, whatever is wrong in `web`, `inference`, `node` and `archive`.
    ///
    /// - Throws: `GuardianError` when something else is wrong.
    public static func toRecord(_ root: ConfigurationSection) throws -> EdgeConfiguration {
        var refusals: [RefusedSection] = []
        var configuration = try EdgeConfiguration(root) { refusals.append($0) }
        configuration.refusals = refusals
        return configuration
    }

    private init(_ root: ConfigurationSection, refuse: (RefusedSection) throws -> Void) throws {
        func read<Value>(
            _ name: RefusedSection.Name, _ read: (ConfigurationSection) throws -> Value
        ) throws -> Value? {
            do { return try root.whole(name.rawValue, read) } catch let error as GuardianError {
                try refuse(RefusedSection(name: name, error: error))
                return nil
            }
        }
        state = try root.string("state") ?? "/var/lib/guardian"
        guard state.hasPrefix("/") else { throw root.refusal("state", "must be an absolute path") }
        logLevel = try root.section("log").choice("level") ?? .info
        var parts = WebParts()
        _ = try read(.web) { try parts.read($0) }
        web = try parts.address ?? ListenAddress(host: "127.0.0.1", port: 8480)
        webTLS = parts.tls ?? .standard
        // What says whom to believe cannot be read, so nobody is believed.
        webAccess = parts.access ?? WebAccessConfiguration(proxies: .none, metrics: .token)
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
        inference =
            try read(.inference) { [state] in try InferenceConfiguration($0, state: state) } ?? .refused
        if root.has("node") {
            nodeOrigin = .file
            node = try read(.node) { try NodeConnectionConfiguration($0) }
        } else {
            (node, nodeOrigin) = try Self.enrolled(state: state, refuse: refuse)
        }
        let known = Set(cameras.map(\.alias)).union(CameraIdentityFile.aliases(inState: state))
        if root.has("archive") {
            let hasNode = hasNode
            archive = try read(.archive) { section in
                let archive = try ArchiveConfiguration(section, cameras: known)
                guard hasNode else {
                    throw root.refusal(
                        "archive", "needs a node to send sealed clips to: write a node section too, or enrol at a node")
                }
                return archive
            }
        }
        try root.finish()
    }

    package func refuses(_ name: RefusedSection.Name) -> Bool { refusals.contains { $0.name == name } }

    /// Returns the node at which the edge enrolled. One whose file cannot be read is refused like a section.
    private static func enrolled(
        state: String, refuse: (RefusedSection) throws -> Void
    ) throws -> (NodeConnectionConfiguration?, NodeOrigin) {
        do {
            let node = try EnrolledNode.read(inState: state)
            return (node.map { NodeConnectionConfiguration($0, state: state) }, node == nil ? .none : .enrolment)
        } catch let error as GuardianError {
            try refuse(RefusedSection(name: .node, error: error))
            return (nil, .enrolment)
        }
    }

    /// What the section `web` says, each part of which may be wrong alone.
    private struct WebParts {
        var address: ListenAddress?
        var tls: WebTLSConfiguration?
        var access: WebAccessConfiguration?

        /// Reads each part that can be read.
        ///
        /// - Throws: what is wrong with the first that cannot.
        mutating func read(_ section: ConfigurationSection) throws {
            let address = Result { try section.listenAddress(port: 8480) { try ListenAddress(host: $0, port: $1) } }
            let tls = Result {
                try section.webTLS {
                    try WebTLSConfiguration(names: $0, certificate: $1, key: $2, authority: $3)
                }
            }
            let access = Result {
                try section.webAccess { try WebAccessConfiguration(proxies: WebProxies($0), metrics: $1 ?? .local) }
            }
            (self.address, self.tls, self.access) = (try? address.get(), try? tls.get(), try? access.get())
            _ = (try address.get(), try tls.get(), try access.get())
        }
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

    /// What names the node.
    public enum NodeOrigin: String, Sendable {
        case none
        /// The configuration file, and only it can change that.
        case file
        /// An enrolment at run time, or by `guardian edge enrol`.
        case enrolment
    }

    /// The node's address, and PEM files with certificate, key and authority for mutual TLS.
    public struct NodeConnectionConfiguration: Sendable {
        public var host: String
        public var port: Int
        public var credentials: CredentialFiles
        /// Whether the node may fetch recordings; `nil`: an owner decides at run time.
        public var relay: Bool?

        /// Such as `node.example:9443`.
        public var address: String { HostAndPort(host: host, port: port).text }

        public var target: NodeTarget { NodeTarget(host: host, port: port, credentials: credentials) }

        package init(host: String, port: Int, credentials: CredentialFiles) {
            (self.host, self.port, self.credentials) = (host, port, credentials)
        }

        init(_ node: EnrolledNode, state: String) {
            self.init(host: node.host, port: node.port, credentials: EnrolledNode.credentials(inState: state))
        }

        init(_ section: ConfigurationSection) throws {
            let address = try section.value("address", "a host and a port, such as node.example:9443") {
                HostAndPort($0)
            }
            guard let address else { throw section.refusal("address", "is missing: write the node's host:port") }
            (host, port) = (address.host, address.port)
            relay = try section.boolean("relay")
            credentials = try section.credentials { CredentialFiles(certificate: $0, key: $1, authority: $2) }
        }
    }
}
