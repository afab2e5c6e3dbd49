import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianJournal
import GuardianNode
import GuardianWire
import GuardianTestKit
import Testing

@Suite("JournalService.Publish")
struct ReceptionSerialTests {
    private let fixture: NodeFixture

    init() throws { fixture = try NodeFixture() }

    /// Sends the requests, then keeps the stream open until the node has sent `count` replies or ended it.
    private func publish(
        _ requests: [Guardian_V1_PublishRequest], port: Int, replies count: Int = .max,
        security: HTTP2ClientTransport.Posix.TransportSecurity? = nil
    ) async throws -> [Guardian_V1_PublishReply] {
        let transport = try HTTP2ClientTransport.Posix(
            target: .dns(host: "localhost", port: port),
            transportSecurity: try security ?? fixture.edgeFiles.clientSecurity())
        return try await withGRPCClient(transport: transport) { client in
            var options = CallOptions.defaults
            options.waitForReady = false
            return try await Guardian_V1_JournalService.Client(wrapping: client).publish(options: options) { writer in
                for request in requests { try await writer.write(request) }
                try await Task.sleep(for: .seconds(60))
            } onResponse: { response in
                var replies: [Guardian_V1_PublishReply] = []
                for try await reply in response.messages {
                    replies.append(reply)
                    if replies.count >= count { break }
                }
                return replies
            }
        }
    }

    private var hello: Guardian_V1_PublishRequest {
        .with { $0.hello.deviceKey = Data(fixture.key.publicKey.bytes) }
    }

    private func entries(_ entries: [JournalEntry]) -> Guardian_V1_PublishRequest {
        .with { request in
            request.entries.entries = entries.map { entry in
                .with {
                    $0.chain = entry.chain.description
                    $0.sequence = UInt64(entry.sequence)
                    $0.payload = Data(entry.payload)
                    $0.signature = Data(entry.signature)
                }
            }
        }
    }

    private func refusal(_ requests: [Guardian_V1_PublishRequest]) async throws -> GuardianError? {
        try await fixture.withNode { port, _ in await refusal(requests, port: port) }
    }

    private func refusal(_ requests: [Guardian_V1_PublishRequest], port: Int) async -> GuardianError? {
        do {
            _ = try await publish(requests, port: port)
            return nil
        } catch { return GuardianError.call(error, "The call") }
    }

    @Test("acknowledges each entry after its commit, and rejects a forged one with a reason")
    func answers() async throws {
        let journal = try fixture.journal()
        let good = try await journal.append(
            [.eventUpdated(Sample.event()), .eventUpdated(Sample.event(1))], at: Sample.start)
        let forged = JournalEntry(
            chain: good[1].chain, sequence: 3, payload: good[1].payload, signature: good[1].signature)
        let unsigned = JournalEntry(
            chain: good[1].chain, sequence: 2, payload: good[1].payload + [32], signature: good[1].signature)
        try await fixture.withNode { port, _ in
            let replies = try await publish([hello, entries([good[0], unsigned, forged])], port: port, replies: 2)
            #expect(replies.first?.welcome.chains.isEmpty == true)
            let answers = replies.last?.answers.answers ?? []
            #expect(answers.map(\.sequence) == [1, 2, 3])
            #expect(answers.map(\.refusal.isEmpty) == [true, false, false])
        }
    }

    @Test("welcomes an edge with what the node has of its chains")
    func welcome() async throws {
        let journal = try fixture.journal()
        let sent = try await journal.append(
            [.eventUpdated(Sample.event()), .eventUpdated(Sample.event(1))], at: Sample.start)
        try await fixture.withNode { port, _ in
            _ = try await publish([hello, entries([sent[0]])], port: port, replies: 2)
            var greeting = hello
            greeting.hello.chains = [
                .with {
                    $0.chain = journal.chain.description
                    $0.sequence = 2
                    $0.hash = Data(sent[1].hash.bytes)
                }
            ]
            let head = try await publish([greeting], port: port, replies: 1).first?.welcome.chains.first
            #expect(head?.sequence == 1)
            #expect(head?.hash == Data(sent[0].hash.bytes))
        }
    }

    @Test("ends a stream that begins without a hello")
    func noHello() async throws {
        #expect(try await refusal([entries([])])?.code == .failedPrecondition)
    }

    @Test("ends a stream that sends a second hello")
    func secondHello() async throws {
        #expect(try await refusal([hello, hello])?.code == .invalidArgument)
    }

    @Test("ends a stream without messages after ten seconds", .timeLimit(.minutes(10)))
    func silence() async throws {
        let clock = TestClock()
        try await fixture.withNode(monotonic: clock) { port, _ in
            async let refused = refusal([], port: port)
            try await clock.waitForSleepers(1)
            clock.advance(by: .seconds(10) - .nanoseconds(1))
            #expect(clock.sleepers == 1)
            clock.advance(by: .nanoseconds(1))
            #expect(await refused?.code == .deadlineExceeded)
        }
    }

    @Test("ends a stream whose hello or entries cannot be read")
    func nonsense() async throws {
        var bad = hello
        bad.hello.chains = [.with { $0.chain = "not a chain" }]
        #expect(try await refusal([bad])?.code == .invalidArgument)
        bad = hello
        bad.hello.deviceKey = Data([1, 2, 3])
        #expect(try await refusal([bad])?.code == .invalidArgument)
        bad = hello
        bad.hello.deviceKey = Data(DeviceKey().publicKey.bytes)
        #expect(try await refusal([bad])?.code == .permissionDenied)
        var batch = entries([])
        batch.entries.entries = [.with { $0.chain = "x" }]
        #expect(try await refusal([hello, batch])?.code == .invalidArgument)
        batch.entries.entries = Array(repeating: .init(), count: WireLimits.entries + 1)
        #expect(try await refusal([hello, batch])?.code == .invalidArgument)
    }

    @Test("refuses messages over 4 MiB")
    func size() async throws {
        var batch = entries([])
        batch.entries.entries = [.with { $0.payload = Data(count: WireLimits.message + 1) }]
        // The transport ends the stream before our code receives the message, with a code of its own choice.
        #expect(try await refusal([hello, batch]) != nil)
    }

    @Test("refuses clients without a certificate")
    func noCertificate() async throws {
        try await fixture.withNode { port, tenants in
            let authority = Array(try fixture.authority.certificatePEM().utf8)
            await #expect(throws: (any Error).self) {
                try await publish(
                    [hello], port: port, replies: 1,
                    security: .tls { $0.trustRoots = .certificates([.bytes(authority, format: .pem)]) })
            }
            await #expect(throws: (any Error).self) {
                try await publish([hello], port: port, replies: 1, security: .plaintext)
            }
            #expect(try await tenants.localScope().edges().isEmpty)
        }
    }
}
