import GuardianEdge
import Testing

@Suite("The archive's connection to the node")
struct NodeConnectionTests {
    @Test(
        "Nobody is handed a connection that was given up a moment ago; who waits on it is told", .timeLimit(.minutes(1))
    )
    func givenUp() async throws {
        let fixture = try ArchiveFixture()
        // Nobody listens there: no word is ever heard on a connection.
        let connection = NodeConnection(try RecorderSide(fixture).settings(port: 1), logger: fixture.log.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await connection.run(welcomes: nil) }
            defer { group.cancelAll() }
            for _ in 0..<50 {
                let old = try await connection.current().number
                connection.doubt(old, silentFor: .zero)
                #expect(try await connection.current().number > old)
                try await connection.end(of: old)
            }
        }
    }
}
