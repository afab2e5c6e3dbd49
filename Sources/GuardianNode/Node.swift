import Foundation
import GuardianCore
import GuardianHTTP
import GuardianIdentity
import GuardianOperations
import GuardianTelemetry
import Logging
import ServiceLifecycle

/// The node: receives entries and sealed parts over gRPC, and serves events and the archive over HTTP. Only assembles
/// the services.
public struct Node: Sendable {
    private let configuration: NodeConfiguration
    private let logger: Logger

    public init(_ configuration: NodeConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Runs until the process is told to shut down.
    ///
    /// - Throws: `GuardianError` when it cannot start: the state folder, the certificates, the ports.
    public func run() async throws {
        let metrics = MetricsRegistry()
        LibraryMetrics.install(metrics)
        var place = try await configuration.archive.open(logger: logger)
        place.keepFree = configuration.keepFree
        let tenants = try Tenants(
            folder: NodeFolders(state: configuration.state).tenants, objects: place, logger: logger)
        let home = try tenants.localScope()
        let archive = ArchiveServices(home, metrics: metrics)
        let link = try EdgeLink(configuration, tenants: tenants, metrics: metrics, logger: logger)
        let accounts = try await WebAccounts.open(
            IdentityFiles(folder: configuration.state),
            page: PageAddresses(of: configuration.web, tls: configuration.webTLS).first, logger: logger)
        let certificates = try WebCertificates(
            configuration.webTLS, state: configuration.state, server: "node", logger: logger)
        CertificateUse.register(in: metrics) { [.web: certificates.end] }
        let site = NodeAPI.Site(
            pages: try WebUI.bundled(for: .node), operatorPages: try WebUI.bundled(for: .operators),
            signer: link.signer, retired: link.retired, metrics: metrics)
        let realms: NodeRealms? =
            if let registry = link.registry {
                try await NodeRealms(
                    state: configuration.state, tenants: tenants, registry: registry, home: accounts, site: site,
                    logger: logger)
            } else { nil }
        let web = try NodeAPI.server(
            site, tenants: tenants, address: configuration.web, tls: certificates, gate: accounts.gate,
            access: configuration.webAccess, accounts: accounts, realms: realms, logger: logger)
        var services: [any Service] = [TenantsCloser(tenants: tenants)] + link.closers + archive.services
        services.append(TelemetryUpkeep(home.telemetry, logger: logger))
        services += [accounts] as [any Service] + (realms.map { [$0] } ?? []) + [web] + link.services
        if let parent = ParentWatch(logger: logger) { services.append(parent) }
        try await ProcessRuntime.run(services, logger: logger)
    }
}

/// Closes the tenants' files. The first service to start is the last to shut down.
private struct TenantsCloser: Service {
    let tenants: Tenants

    func run() async throws {
        try? await gracefulShutdown()
        try tenants.close()
    }
}
