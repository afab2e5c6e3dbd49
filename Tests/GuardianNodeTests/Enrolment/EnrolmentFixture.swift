import Foundation
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianNode
import GuardianOperations
import GuardianTestKit
import GuardianWire
import Logging
import ServiceLifecycle

/// A node with enrolment, as `Node` assembles it, and edges that enrol over loopback.
final class EnrolmentFixture: Sendable {
    let folder = TemporaryFolder()
    let registry: SQLiteRegistry
    let authority: CertificateAuthority
    /// The authority of certificates that were made by hand, and of the node's own.
    let configured: CertificateAuthority
    let log = LogBook()

    struct Ports: Sendable {
        let enrolment: Int
        let edges: Int
    }

    init() throws {
        registry = try SQLiteRegistry(path: folder.path("registry.sqlite"))
        authority = try NodeAuthorityFile(state: folder.url.path).open()
        configured = try CertificateAuthority(name: "by hand", days: 1)
    }

    /// The files of an edge.
    func files(_ name: String) -> CredentialFiles { CredentialFiles(folder: folder.path(name), name: "edge") }

    func deviceKey(_ name: String) throws -> DeviceKey { try DeviceKey.open(path: folder.path("\(name).key")) }

    func enrolment(_ name: String) throws -> EdgeEnrolment {
        EdgeEnrolment(deviceKey: try deviceKey(name), files: files(name), name: name, logger: log.logger)
    }

    func code(for tenant: TenantName = .home) async throws -> EnrolmentCode {
        let now = SystemClock().now()
        let code = EnrolmentCode(authority: try authority.fingerprint())
        try await registry.addCode(
            NewCode(
                prefix: code.prefix, secretDigest: EnrolmentCode.digest(ofSecret: code.secret.reveal()), tenant: tenant,
                createdAt: now, endsAt: now + .seconds(3_600)))
        return code
    }

    /// Runs the node while `body` runs.
    func withNode<Value: Sendable>(
        names: [String] = ["localhost", "127.0.0.1"], _ body: @Sendable (Ports, Tenants) async throws -> Value
    ) async throws -> Value {
        let tenants = try Tenants(folder: folder.path("tenants"))
        let admission = RegistryAdmission(registry: registry, logger: log.logger)
        let own = try authority.certificatePEM()
        let local = NodeAddress(host: "127.0.0.1", port: 0)
        let edges = NodeRPCServer(
            address: local,
            security: try configured.issueNode().serverSecurity(trusting: [configured.certificatePEM(), own]),
            admission: admission, tenants: tenants, metrics: MetricsRegistry(), logger: log.logger)
        defer { try? tenants.close() }
        return try await Self.run([admission, edges]) {
            let port = try await edges.port()
            let enrolment = try EnrolmentServer(
                address: local,
                responder: EnrolmentResponder(registry: registry, authority: authority, logger: log.logger),
                authority: authority, names: names,
                node: EnrolledConnection(authorityPEM: configured.certificatePEM(), port: port))
            return try await Self.run([enrolment]) {
                try await body(Ports(enrolment: try await enrolment.port(), edges: port), tenants)
            }
        }
    }

    /// Runs services while `body` runs, and shuts them down.
    private static func run<Value: Sendable>(
        _ services: [any Service], _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        let running = ServiceGroup(services: services, logger: Logger(label: "node"))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await running.run() }
            let outcome: Result<Value, any Error>
            do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
            await running.triggerGracefulShutdown()
            try await group.waitForAll()
            return try outcome.get()
        }
    }

    func journal(of name: String) throws -> Journal {
        try Journal(path: folder.path("\(name).sqlite"), key: try deviceKey(name))
    }

    /// Runs a delivery of the journal while `body` runs.
    func withDelivery<Value: Sendable>(
        _ journal: Journal, of name: String, port: Int, _ body: @Sendable (Delivery) async throws -> Value
    ) async throws -> Value {
        let delivery = delivery(journal, of: name, port: port)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await delivery.run() }
            let value = try await body(delivery)
            group.cancelAll()
            while let ended = await group.nextResult() { _ = ended }
            return value
        }
    }

    private func delivery(_ journal: Journal, of name: String, port: Int) -> Delivery {
        var settings = DeliverySettings(
            node: NodeTarget(host: "localhost", port: port, credentials: files(name)))
        settings.backoff = Backoff(base: .milliseconds(20), limit: .milliseconds(200))
        return Delivery(
            journal: journal, settings: settings, metrics: MetricsRegistry(), logger: Logger(label: "delivery"))
    }
}
