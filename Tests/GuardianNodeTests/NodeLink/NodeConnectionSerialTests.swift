import Foundation
import GuardianCore
import GuardianEdge
import GuardianOperations
import GuardianTestKit
import GuardianWire
import Testing

@Suite("A connection to the node that is kept open")
struct NodeConnectionSerialTests {
    private let fixture: ArchiveFixture
    /// No process listens there, so nothing is ever received on a connection.
    private let target: NodeTarget

    init() throws {
        fixture = try ArchiveFixture()
        target = NodeTarget(host: "localhost", port: 1, credentials: fixture.node.edgeFiles)
    }

    /// The target with a key that does not exist yet, and the key's path.
    private var withoutKey: (target: NodeTarget, key: String) {
        var missing = target
        let key = fixture.node.folder.path("later.key")
        missing.credentials = CredentialFiles(
            certificate: target.credentials.certificate, key: key, authority: target.credentials.authority)
        return (missing, key)
    }

    @Test("is not handed out once it was given up, and its waiters are notified", .timeLimit(.minutes(10)))
    func givenUp() async throws {
        let connection = NodeConnection(target, backoff: Backoff(), logger: fixture.log.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await connection.run() }
            defer { group.cancelAll() }
            for _ in 0..<50 {
                let old = try await connection.current().number
                connection.abandonIfSilent(old, for: .zero)
                #expect(try await connection.current().number > old)
                try await connection.end(of: old)
            }
        }
    }

    @Test("is made again after a failure, which is logged once", .timeLimit(.minutes(10)))
    func madeAgain() async throws {
        let (missing, key) = withoutKey
        let backoff = Backoff(base: .milliseconds(5), limit: .milliseconds(5))
        let connection = NodeConnection(missing, backoff: backoff, logger: fixture.log.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await connection.run() }
            defer { group.cancelAll() }
            try await eventually("the missing key is logged") { fixture.log.count("connecting the archive failed") > 0 }
            try FileManager.default.copyItem(atPath: target.credentials.key, toPath: key)
            #expect(try await connection.current().number > 1)
            #expect(fixture.log.count("connecting the archive failed") == 1)
        }
    }

    @Test("ends with its reason where somebody else makes it again", .timeLimit(.minutes(10)))
    func ends() async throws {
        let connection = NodeConnection(withoutKey.target, backoff: nil, logger: fixture.log.logger)
        await #expect(throws: GuardianError.self) { try await connection.run() }
        #expect(fixture.log.count("connecting the archive failed") == 0)
    }
}
