import Foundation
import GuardianHTTP
import GuardianIdentity
import GuardianNode
import GuardianOperations
import Logging
import Testing
import Yams

@Suite("Node API: its description")
struct NodeDescriptionTests {
    @Test("every described route exists, and every route is described")
    func complete() async throws {
        let text = String(decoding: try OpenAPIDescription.node.bytes(), as: UTF8.self)
        let document = try #require(try Yams.load(yaml: text) as? [String: Any])
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        let described = Set(paths.flatMap { path, item in item.keys.map { "\($0.uppercased()) \(path)" } })
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let tenants = try Tenants(folder: folder.path)
        defer { try? tenants.close() }
        let accounts = try await WebAccounts.open(
            IdentityFiles(folder: folder.path), page: "https://localhost", cost: PasswordCost(passes: 1, memory: 8),
            logger: Logger(label: "test"))
        let operations = try NodeAPI.server(
            NodeAPI.Site(metrics: MetricsRegistry()), tenants: tenants,
            address: ListenAddress(host: "127.0.0.1", port: 0), gate: accounts.gate, accounts: accounts,
            logger: Logger(label: "test")
        ).operations
        let served = Set(operations.keys)
        #expect(described.subtracting(served).sorted() == [])
        #expect(served.subtracting(described).sorted() == [])
    }

    @Test(
        "of either server allows every route to answer that there were too many requests",
        arguments: OpenAPIDescription.allCases)
    func tooMany(description: OpenAPIDescription) throws {
        let text = String(decoding: try description.bytes(), as: UTF8.self)
        let document = try #require(try Yams.load(yaml: text) as? [String: Any])
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        #expect(!paths.isEmpty)
        for (path, item) in paths {
            for (method, operation) in item {
                let responses = (operation as? [String: Any])?["responses"] as? [String: Any]
                #expect(responses?["429"] != nil || responses?["default"] != nil, "\(method) \(path)")
            }
        }
    }
}
