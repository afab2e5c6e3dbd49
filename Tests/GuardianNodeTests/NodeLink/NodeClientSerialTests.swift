import GuardianCore
import GuardianEdge
import GuardianTestKit
import Logging
import Testing

@Suite("A connection to the node")
struct NodeClientSerialTests {
    private let fixture: NodeFixture
    private let quiet = Logger(label: "node client") { _ in SwiftLogNoOpLogHandler() }

    /// No process listens there.
    private let target: NodeTarget

    init() throws {
        fixture = try NodeFixture()
        target = NodeTarget(host: "localhost", port: 1, credentials: fixture.edgeFiles)
    }

    @Test("that does not end in time is abandoned", .timeLimit(.minutes(10)))
    func leftAlone() async throws {
        let work = EndlessWork()
        let use = Task { [target, quiet] in
            try await NodeClient.run(target, patience: .milliseconds(50), logger: quiet) { _ in await work.run() }
        }
        await work.begin()
        use.cancel()
        await #expect(throws: CancellationError.self) { try await use.value }
        work.release()
    }

    @Test("returns the result of its body, and throws its error")
    func outcome() async throws {
        func run(_ body: @escaping @Sendable () throws -> Int) async throws -> Int {
            try await NodeClient.run(target, logger: quiet) { _ in try body() }
        }
        #expect(try await run { 7 } == 7)
        let failure = await #expect(throws: GuardianError.self) {
            try await run { throw GuardianError(.notFound, "It is not there.") }
        }
        #expect(failure?.code == .notFound)
    }
}
