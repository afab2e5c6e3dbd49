import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianOperations
import GuardianWire
import Logging
import ServiceLifecycle

/// The services that edges connect to, and what decides which may: by certificates that an operator made by hand, by certificates of the
/// node's own authority, or by both.
struct EdgeLink {
    /// In start order.
    let services: [any Service]
    /// Closes what the services, and others, read; to be started before all of them.
    let closers: [any Service]
    /// Signs requests for recordings; `nil` when the node's key cannot.
    let signer: GrantSigner?
    /// Which tenants there are; `nil` without enrolment: then there is home alone.
    let registry: (any EnrolmentRegistry)?
    /// Returns the devices that were retired, of which nothing is expected any more.
    let retired: @Sendable () async -> Set<Hash256>

    /// - Throws: what the credentials' files, the authority's file and the registry throw.
    init(
        _ configuration: NodeConfiguration, tenants: Tenants, metrics: MetricsRegistry, logger: Logger
    ) throws {
        guard let enrolment = configuration.enrolment else {
            guard let credentials = configuration.credentials else {
                throw GuardianError(
                    .failedPrecondition, "The node needs grpc.certificate, grpc.key and grpc.authority.")
            }
            signer = Self.signer(logger) { try credentials.credential() }
            retired = { [] }
            registry = nil
            closers = []
            services = [
                try NodeRPCServer(
                    address: configuration.grpc, credentials: credentials, tenants: tenants, signer: signer,
                    metrics: metrics, logger: logger)
            ]
            return
        }
        let registry = try SQLiteRegistry(path: SQLiteRegistry.file(in: configuration.state))
        self.registry = registry
        let authority = try NodeAuthorityFile(state: configuration.state).open()
        let server = try ServerProof(configuration.credentials, authority: authority, names: enrolment.names)
        signer = Self.signer(logger) { try server.credential() }
        retired = {
            Set(((try? await registry.devices()) ?? []).filter { $0.state == .retired }.map(\.fingerprint))
        }
        let admission = RegistryAdmission(registry: registry, logger: logger)
        closers = [RegistryCloser(registry: registry)]
        services = [
            admission,
            TenantSupervision(registry: registry, tenants: tenants, admission: admission, logger: logger),
            try EnrolmentServer(
                address: enrolment.address,
                responder: try EnrolmentResponder(registry: registry, authority: authority, logger: logger),
                authority: authority, names: enrolment.names,
                node: EnrolledConnection(authorityPEM: server.authorityPEM, port: configuration.grpc.port)),
            NodeRPCServer(
                address: configuration.grpc, security: server.security, admission: admission, tenants: tenants,
                signer: signer, metrics: metrics, logger: logger),
        ]
    }

    private static func signer(_ logger: Logger, _ credential: () throws -> Credential) -> GrantSigner? {
        do { return try GrantSigner(credential()) } catch {
            logger.warning("recordings cannot be passed on", metadata: ["reason": "\(error)"])
            return nil
        }
    }
}

/// How the node's server proves who it is, and which edges' certificates it knows.
private struct ServerProof {
    let security: HTTP2ServerTransport.Posix.TransportSecurity
    /// What edges must trust to connect to it.
    let authorityPEM: String
    /// Reads its certificate and key.
    let credential: () throws -> Credential

    /// - Parameter files: the configured files; without them the node's own authority issues the certificate.
    init(_ files: CredentialFiles?, authority: CertificateAuthority, names: [String]) throws {
        let own = try authority.certificatePEM()
        if let files {
            security = try files.serverSecurity(trusting: [own])
            credential = { try files.credential() }
            authorityPEM = try files.authorityPEM()
        } else {
            let issued = try authority.issueNode(hosts: names)
            security = issued.serverSecurity(trusting: [own])
            credential = { issued }
            authorityPEM = own
        }
    }
}

/// Closes the registry's file. The first service to start is the last to shut down.
private struct RegistryCloser: Service {
    let registry: SQLiteRegistry

    func run() async throws {
        try? await gracefulShutdown()
        try registry.close()
    }
}
