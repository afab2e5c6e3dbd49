import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianNode
import GuardianTestKit
import GuardianWire
import Testing

/// What becomes of an edge whose connection stays open while nothing comes from it.
@Suite("An edge that is silent", .timeLimit(.minutes(10)))
struct EdgePresenceSerialTests {
    private let fixture: NodeFixture
    private let clock = TestClock()

    init() throws { fixture = try NodeFixture() }

    /// Opens a stream that sends one message and then nothing.
    ///
    /// - Returns: why the node ended it.
    private func refusal<Output: Sendable>(
        port: Int,
        _ open: @Sendable (GRPCClient<HTTP2ClientTransport.Posix>) async throws -> Output
    ) async -> GuardianError? {
        do {
            let transport = try HTTP2ClientTransport.Posix(
                target: .dns(host: "localhost", port: port), transportSecurity: try fixture.edgeFiles.clientSecurity())
            _ = try await withGRPCClient(transport: transport) { try await open($0) }
            return nil
        } catch { return GuardianError.call(error, "The call") }
    }

    private func publish(sendsAlive: Bool, port: Int) async -> GuardianError? {
        // The node lists edges by their chains.
        let chain = UUID().uuidString.lowercased()
        let hello = Guardian_V1_PublishRequest.with {
            $0.hello.deviceKey = Data(fixture.key.publicKey.bytes)
            $0.hello.chains = [.with { $0.chain = chain }]
            $0.hello.sendsAlive = sendsAlive
        }
        return await refusal(port: port) { client in
            try await Guardian_V1_JournalService.Client(wrapping: client).publish { writer in
                try await writer.write(hello)
                try await Task.sleep(for: .seconds(600))
            } onResponse: { response in
                for try await reply in response.messages { #expect(reply.welcome.takesAlive) }
            }
        }
    }

    @Test("is not connected any more after the time that it promised to keep")
    func journal() async throws {
        try await fixture.withNode(monotonic: clock) { port, tenants in
            let scope = try tenants.localScope()
            async let refused = publish(sendsAlive: true, port: port)
            try await eventually("it is connected") { try await scope.edges().map(\.connected) == [true] }
            // Besides the time-out of the hello.
            try await clock.waitForSleepers(2)
            clock.advance(by: WireLimits.silence - .nanoseconds(1))
            #expect(try await scope.edges().map(\.connected) == [true])
            clock.advance(by: .nanoseconds(1))
            #expect(await refused?.code == .deadlineExceeded)
            #expect(try await scope.edges().map(\.connected) == [false])
        }
    }

    @Test("stays connected when it never promised to say anything")
    func older() async throws {
        try await fixture.withNode(monotonic: clock) { port, tenants in
            let scope = try tenants.localScope()
            let stream = Task { await publish(sendsAlive: false, port: port) }
            try await eventually("it is connected") { try await scope.edges().map(\.connected) == [true] }
            try await clock.waitForSleepers(1)
            clock.advance(by: .seconds(3600))
            #expect(clock.sleepers == 0)
            #expect(try await scope.edges().map(\.connected) == [true])
            stream.cancel()
            _ = await stream.value
        }
    }

    @Test("is asked for nothing any more")
    func control() async throws {
        try await fixture.withNode(monotonic: clock) { port, tenants in
            async let refused = refusal(port: port) { client in
                try await Guardian_V1_ControlService.Client(wrapping: client).connect { writer in
                    try await writer.write(.with { $0.hello.sendsAlive = true })
                    try await Task.sleep(for: .seconds(600))
                } onResponse: { response in
                    for try await _ in response.messages {}
                }
            }
            try await clock.waitForSleepers(1)
            clock.advance(by: WireLimits.silence - .nanoseconds(1))
            #expect(clock.sleepers == 1)
            clock.advance(by: .nanoseconds(1))
            #expect(await refused?.code == .deadlineExceeded)
        }
    }
}
