import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianEdge
import GuardianTestKit
import GuardianWire
import Synchronization
import Testing

@Suite("A node that acknowledges nothing")
struct SilentNodeSerialTests {
    /// Receives parts as a node does, but acknowledges nothing on its first `hangs` streams, as if its disk hung.
    private final class HangingNode: Guardian_V1_ArchiveService.SimpleServiceProtocol {
        let hangs: Int
        private let seen = Mutex<[Int]>([])

        init(hangs: Int) { self.hangs = hangs }

        /// Bytes received on each stream.
        var streams: [Int] { seen.withLock { $0 } }

        func store(
            request: RPCAsyncSequence<Guardian_V1_StoreRequest, any Error>,
            response: RPCWriter<Guardian_V1_StoreReply>, context: ServerContext
        ) async throws {
            let number = seen.withLock { seen in
                seen.append(0)
                return seen.count - 1
            }
            var durable: UInt64 = 0
            for try await message in request {
                switch message.kind {
                case .hello: try await response.write(.with { $0.durable = 0 })
                case .bytes(let bytes):
                    seen.withLock { $0[number] += bytes.bytes.count }
                    guard number >= hangs else { continue }
                    #expect(bytes.offset == durable)
                    durable = bytes.offset + UInt64(bytes.bytes.count)
                    try await response.write(.with { $0.durable = durable })
                case .end(let end):
                    #expect(end.size == durable)
                    return try await response.write(
                        .with {
                            $0.receipt.objectKey = "clips/0.grdn"
                            $0.receipt.size = durable
                        })
                case .checkpoint, nil: continue
                }
            }
        }

        func list(
            request: Guardian_V1_ArchiveQuery, context: ServerContext
        ) async throws -> Guardian_V1_ArchivePage { Guardian_V1_ArchivePage() }

        func usage(
            request: Guardian_V1_UsageQuery, context: ServerContext
        ) async throws -> Guardian_V1_ArchiveReport { Guardian_V1_ArchiveReport() }

        func hold(
            request: Guardian_V1_HoldRequest, context: ServerContext
        ) async throws -> Guardian_V1_ArchivePage { Guardian_V1_ArchivePage() }

        func fetch(
            request: Guardian_V1_FetchRequest, response: RPCWriter<Guardian_V1_FetchReply>, context: ServerContext
        ) async throws {}
    }

    private func serving(
        _ node: HangingNode, _ fixture: ArchiveFixture, _ body: @Sendable (Int) async throws -> Void
    ) async throws {
        let server = GRPCServer(
            transport: HTTP2ServerTransport.Posix(
                address: .ipv4(host: "127.0.0.1", port: 0),
                transportSecurity: try fixture.node.nodeFiles.serverSecurity()), services: [node])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.serve() }
            defer { group.cancelAll() }
            try await body(try #require(try await server.listeningAddress?.ipv4?.port))
        }
    }

    @Test("loses a stream whose bytes it never acknowledges; another stream sends the same bytes")
    func hangs() async throws {
        let recorder = try RecorderSide(try ArchiveFixture())
        let node = HangingNode(hangs: 3)
        let monotonic = TestClock()
        try await serving(node, recorder.fixture) { port in
            var settings = recorder.settings(port: port)
            settings.timeouts.acceptance = .seconds(3_600)
            settings.backoff.limit = .milliseconds(10)
            let clip = try await recorder.oldClip(600_000)
            try await recorder.archiving(settings, monotonic: monotonic) { _ in
                for number in 0..<3 {
                    try await eventually("its bytes are at the node") {
                        node.streams.count == number + 1 && node.streams[number] > 0
                    }
                    // After ten seconds, and twice as long after each failure.
                    try await eventually("another stream begins", advancing: monotonic, by: .seconds(2)) {
                        node.streams.count > number + 1
                    }
                }
                try await eventually("it is stored") { try await recorder.state(of: clip)?.state == .stored }
            }
            let streams = node.streams
            #expect(streams.count == 4 && streams.prefix(3).allSatisfy { $0 > 0 })
            #expect(streams.last ?? 0 > 600_000)
        }
    }

    @Test("is not timed out when no acknowledgement is due: a live clip may pause")
    func owesNothing() async throws {
        let recorder = try RecorderSide(try ArchiveFixture())
        let node = HangingNode(hangs: 0)
        let monotonic = TestClock()
        try await serving(node, recorder.fixture) { port in
            var settings = recorder.settings(port: port)
            settings.timeouts.acceptance = .seconds(3_600)
            let paused = try await recorder.liveClip(4_040)
            try await recorder.archiving(settings, monotonic: monotonic) { _ in
                try await eventually("it leaves") { node.streams.first ?? 0 > 0 }
                // Meanwhile five times the timeout passes, and other clips are sent.
                for _ in 0..<20 {
                    let other = try await recorder.oldClip(50_000)
                    try await eventually("it is stored") { try await recorder.state(of: other)?.state == .stored }
                    monotonic.advance(by: .milliseconds(2_500))
                }
                recorder.end(paused)
                try await eventually("it is stored") { try await recorder.state(of: paused)?.state == .stored }
            }
            #expect(node.streams.count == 21)
        }
    }
}
