import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianTestKit
import GuardianWire
import SwiftProtobuf
import Synchronization
import Testing

/// A node that answers each stream of entries with replies of any bytes, and ends it.
private final class HostileJournal: RegistrableRPCService {
    /// What a node may say of the entries, and each stream's replies in order.
    private let replies: [[[UInt8]]]
    private let next = Atomic(0)

    init(_ replies: [[[UInt8]]]) { self.replies = replies }

    var streams: Int { next.load(ordering: .relaxed) }

    func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        router.registerHandler(
            forMethod: Guardian_V1_JournalService.Method.Publish.descriptor, deserializer: RawMessages(),
            serializer: RawMessages()
        ) { request, _ in
            let number = self.next.add(1, ordering: .relaxed).oldValue
            return StreamingServerResponse<[UInt8]> { writer in
                for reply in self.replies[number % self.replies.count] { try await writer.write(reply) }
                return [:]
            }
        }
    }
}

@Suite("Every answer of a node to entries", .timeLimit(.minutes(10)))
struct HostileJournalNodeSerialTests {
    private let fixture: NodeFixture

    init() throws { fixture = try NodeFixture() }

    private func replies(_ journal: Journal, _ entries: [JournalEntry]) throws -> [[[UInt8]]] {
        var input = HostileInput(seed: 72)
        return try (0..<HostileInput.count(150)).map { _ in
            let welcome = Guardian_V1_PublishReply.with { reply in
                reply.welcome = .init()
                if input.chance(3) {
                    reply.welcome.chains = [
                        .with {
                            $0.chain = input.text([journal.chain.description])
                            $0.sequence = input.chance(2) ? input.integer() : 0
                            $0.hash = Data(input.bytes(input.chance(2) ? 32 : 5))
                        }
                    ]
                }
            }
            let answers = Guardian_V1_PublishReply.with { reply in
                reply.answers.answers = entries.map { entry in
                    .with {
                        $0.chain = input.text([entry.chain.description])
                        $0.sequence = input.integer()
                        $0.refusal = input.text(["", "The signature is wrong."])
                    }
                }
            }
            let genuine: [[UInt8]] = [try welcome.serializedBytes(), try answers.serializedBytes()]
            return genuine.map { input.chance(2) ? input.changed($0) : $0 }
        }
    }

    @Test("is refused or taken as what it says, and delivery goes on")
    func replies() async throws {
        let journal = try fixture.journal()
        let entries = try await journal.append(
            (0..<3).map { .eventClosed(Sample.event($0 * 1_000, state: .closed)) }, at: Sample.start)
        let node = HostileJournal(try replies(journal, entries))
        let transport = HTTP2ServerTransport.Posix(
            address: .ipv4(host: "127.0.0.1", port: 0), transportSecurity: try fixture.nodeFiles.serverSecurity())
        try await withGRPCServer(transport: transport, services: [node]) { server in
            let address = try await server.listeningAddress
            let port = try #require(address?.ipv4?.port)
            try await fixture.withDelivery(fixture.delivery(of: journal, port: port)) {
                let count = HostileInput.count(150)
                try await eventually("it connects again and again") { node.streams >= count }
            }
        }
        // What was invented about entries that were never sent changed nothing: the genuine node gets all that waits. The other one may
        // have acknowledged what it was sent, as it is the node that the owner named.
        try await journal.append([.eventUpdated(Sample.event(9))], at: Sample.start)
        let waiting = journal.outbox.waiting
        try await fixture.withNode { port, _ in
            let delivery = fixture.delivery(of: journal, port: port)
            try await fixture.withDelivery(delivery) {
                try await eventually("the outbox is empty") { journal.outbox.waiting == 0 }
            }
            #expect(delivery.state.acknowledged == waiting)
        }
    }
}
