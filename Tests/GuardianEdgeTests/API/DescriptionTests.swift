import Foundation
import GuardianHTTP
import Testing
import Yams

@Suite("Edge API: its description")
struct DescriptionTests {
    @Test("every described route exists, and every route is described")
    func complete() async throws {
        let text = String(decoding: try OpenAPIDescription.edge.bytes(), as: UTF8.self)
        let document = try #require(try Yams.load(yaml: text) as? [String: Any])
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        let described = Set(paths.flatMap { path, item in item.keys.map { "\($0.uppercased()) \(path)" } })
        let edge = try EdgeFixture()
        let served = Set(try edge.server(accounts: try await edge.accounts()).operations.keys)
        #expect(described.subtracting(served).sorted() == [])
        #expect(served.subtracting(described).sorted() == [])
    }
}
