import GuardianEdge
import Testing

@Suite("The archive's connection to the node")
struct NodeConnectionSerialTests {
    @Test(
        "a connection that was just given up is not handed out, and its waiters are notified", .timeLimit(.minutes(1))
    )
    func givenUp() async throws {
        let fixture = try ArchiveFixture()
        // No process listens there, so nothing is ever received on a connection.
        let connection = NodeConnection(try RecorderSide(fixture).settings(port: 1), logger: fixture.log.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await connection.run(welcomes: nil) }
            defer { group.cancelAll() }
            for _ in 0..<50 {
                let old = try await connection.current().number
                connection.abandonIfSilent(old, for: .zero)
                #expect(try await connection.current().number > old)
                try await connection.end(of: old)
            }
        }
    }
}
