import AsyncHTTPClient
import Foundation
import GuardianCore
import GuardianJournal
import NIOCore
import NIOFoundationCompat

/// Reads a node's reports on its edges from its web API.
struct NodeReports {
    private struct Page: Decodable { var items: [EdgeReport] }

    let url: String

    /// Returns the node's report on the edge with this key.
    ///
    /// - Throws: `GuardianError` `.unavailable` when the node does not answer,
    ///   `.notFound` when it does not know the edge.
    func report(of key: DevicePublicKey) async throws -> EdgeReport {
        let address = (url.hasSuffix("/") ? String(url.dropLast()) : url) + "/api/v1/edges"
        let page: Page
        do {
            let response = try await HTTPClient.shared.execute(
                HTTPClientRequest(url: address), timeout: .seconds(10))
            let body = try await response.body.collect(upTo: 16 << 20)
            guard response.status == .ok else {
                throw GuardianError(.unavailable, "The node answers \(address) with \(response.status.code).")
            }
            page = try JSONDecoder().decode(Page.self, from: Data(buffer: body))
        } catch let error as GuardianError {
            throw error
        } catch {
            throw GuardianError(
                .unavailable, "The node does not answer at \(address): check the address and that it runs.",
                cause: error)
        }
        guard let report = page.items.first(where: { $0.fingerprint == key.fingerprint }) else {
            throw GuardianError(.notFound, "The node at \(url) knows no edge with this device's key.")
        }
        return report
    }
}
