import GuardianCore
import GuardianJournal
import NIOCore

/// Reads a node's reports on its edges from its web API.
struct NodeReports {
    private struct Page: Decodable { var items: [EdgeReport] }

    let server: ServerAddress

    /// Returns the node's report on the edge with this key.
    ///
    /// - Throws: `GuardianError` `.unavailable` when the node does not answer,
    ///   `.notFound` when it does not know the edge.
    func report(of key: DevicePublicKey) async throws -> EdgeReport {
        let page: Page = try await APIClient(server).get("/api/v1/edges", timeout: .seconds(10))
        guard let report = page.items.first(where: { $0.fingerprint == key.fingerprint }) else {
            throw GuardianError(.notFound, "The node at \(server.url) knows no edge with this device's key.")
        }
        return report
    }
}
