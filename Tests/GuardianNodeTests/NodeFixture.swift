import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianNode
import GuardianOperations
import GuardianWire
import Logging
import ServiceLifecycle
import GuardianTestKit
import Testing

/// A certificate authority, a node's folder and edges' credentials for one test, in a folder that is deleted with it.
final class NodeFixture: Sendable {
    let folder = TemporaryFolder()
    let authority: CertificateAuthority
    let key = DeviceKey()

    init() throws {
        authority = try CertificateAuthority(name: "test", days: 1)
        try authority.issueNode().write(to: nodeFiles, authorityPEM: try authority.certificatePEM())
        try issueEdge()
    }

    var nodeFiles: CredentialFiles { CredentialFiles(folder: folder.url.path, name: "node") }
    var edgeFiles: CredentialFiles { CredentialFiles(folder: folder.url.path, name: "edge") }

    /// Writes an edge's credentials, for the fixture's device or another, issued by the fixture's authority or another.
    func issueEdge(
        for fingerprint: Hash256? = nil, by other: CertificateAuthority? = nil, name: String = "edge"
    ) throws {
        try (other ?? authority).issueEdge(fingerprint: fingerprint ?? key.publicKey.fingerprint).write(
            to: CredentialFiles(folder: folder.url.path, name: name), authorityPEM: try authority.certificatePEM())
    }

    func journal(_ options: Journal.Options = .init()) throws -> Journal {
        try Journal(path: folder.path("edge.sqlite"), key: key, options: options)
    }

    func tenants(monotonic: any MonotonicClock = SystemMonotonicClock()) throws -> Tenants {
        try Tenants(folder: folder.path("tenants"), monotonic: monotonic)
    }

    /// Runs a node on a port while `body` runs; then shuts it down, with open streams and unacknowledged entries.
    /// (A kill needs a process of its own: the end-to-end tests do that.)
    func withNode<Result: Sendable>(
        port: Int = 0, monotonic: any MonotonicClock = SystemMonotonicClock(),
        _ body: @Sendable (_ port: Int, _ tenants: Tenants) async throws -> Result
    ) async throws -> Result {
        let tenants = try tenants(monotonic: monotonic)
        let services = try NodeRPCServer(
            address: NodeAddress(host: "127.0.0.1", port: port), credentials: nodeFiles, tenants: tenants,
            signer: try GrantSigner(nodeFiles.credential()), metrics: MetricsRegistry(), logger: Logger(label: "node"),
            monotonic: monotonic)
        let running = ServiceGroup(services: [services], logger: Logger(label: "node"))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await running.run() }
            let result = await Swift.Result { try await body(try await services.port(), tenants) }
            await running.triggerGracefulShutdown()
            try await group.waitForAll()
            try tenants.close()
            return try result.get()
        }
    }

    func delivery(of journal: Journal, port: Int, files: CredentialFiles? = nil, host: String = "localhost") -> Delivery
    {
        var settings = DeliverySettings(
            node: NodeTarget(host: host, port: port, credentials: files ?? edgeFiles))
        settings.backoff = Backoff(base: .milliseconds(20), limit: .milliseconds(200))
        return Delivery(
            journal: journal, settings: settings, metrics: MetricsRegistry(), logger: Logger(label: "delivery"))
    }

    /// Runs a delivery while `body` runs.
    func withDelivery<Result: Sendable>(
        _ delivery: Delivery, _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await delivery.run() }
            let result = try await body()
            group.cancelAll()
            while let ended = await group.nextResult() { _ = ended }
            return result
        }
    }
}

extension Swift.Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
