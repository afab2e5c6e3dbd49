import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianEdge
import GuardianHTTP
import GuardianIdentity
import GuardianNode
import GuardianTestKit
import GuardianWire
import Logging
import NIOCore
import Synchronization
import Testing

@Suite("A recording that passes through the node", .timeLimit(.minutes(10)))
struct RelaySerialTests {
    private let fixture: NodeFixture
    private let settings: EdgeSettingsStore
    private let film: ServedFile
    private let bytes: Data
    private let clip = ClipID(UUID())
    private let recorded = Recorded()
    private let caller = Caller.localRoot

    /// What the edge wrote to its audit log.
    private final class Recorded: Sendable {
        let grants = Mutex<[RelayGrant]>([])
        let refuses = Mutex(false)
    }

    init() throws {
        fixture = try NodeFixture()
        settings = EdgeSettingsStore(
            path: fixture.folder.path("settings.json"), fixed: RecordingForm(), node: "localhost:1",
            clock: SystemClock(), logger: Logger(label: "edge"))
        bytes = Data((0..<900_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let path = fixture.folder.path("film.mp4")
        try bytes.write(to: URL(filePath: path))
        film = .complete(
            path: path, length: Int64(bytes.count), sha256: .sha256(of: [1]), contentType: "video/mp4", name: "film.mp4"
        )
    }

    private var device: Hash256 { fixture.key.publicKey.fingerprint }

    private func answers(_ clock: any WallClock = SystemClock()) -> RelayAnswers {
        RelayAnswers(
            device: device, tenant: { .home },
            file: { [film, clip] item in
                guard item == .clip(clip) else { throw GuardianError(.notFound, "It is gone.") }
                return film
            },
            record: { [recorded] grant in
                guard !recorded.refuses.withLock({ $0 }) else { throw GuardianError(.unavailable, "The disk is full.") }
                recorded.grants.withLock { $0.append(grant) }
            }, clock: clock, logger: Logger(label: "edge") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Runs a node with an edge that listens.
    private func run(
        _ body: @Sendable (_ relay: NodeRelay, _ scope: TenantScope, _ port: Int) async throws -> Void
    ) async throws {
        try await fixture.withNode { port, tenants in
            let scope = try tenants.localScope()
            let relay = NodeRelay(scope: scope, signer: try GrantSigner(fixture.nodeFiles.credential()))
            let link = RelayLink(
                NodeTarget(host: "localhost", port: port, credentials: fixture.edgeFiles), settings: settings,
                answers: answers(), logger: Logger(label: "edge") { _ in SwiftLogNoOpLogHandler() })
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await link.run() }
                defer { group.cancelAll() }
                try await body(relay, scope, port)
            }
        }
    }

    private func allow(_ relay: NodeRelay) async throws {
        try await settings.changeRelay(true) {}
        try await eventually("the edge listens") { (try? await content(relay)) != nil }
    }

    private func content(_ relay: NodeRelay, _ item: RelayGrant.Item? = nil) async throws -> RemoteContent {
        try await relay.content(item ?? .clip(clip), of: device, for: caller)
    }

    private func read(_ content: RemoteContent, _ range: Range<Int64>) async throws -> Data {
        var data = Data()
        try await RemoteContent.relay(try await content.open(range)) { data += Data(buffer: $0) }
        return data
    }

    @Test("arrives whole and in ranges, and the recorder writes down who watched")
    func whole() async throws {
        try await run { relay, _, _ in
            try await allow(relay)
            let film = try await content(relay)
            #expect(film.size == Int64(bytes.count) && film.etag == self.film.etag && !film.isGrowing)
            for range in [0..<900_000, 5..<6, 899_999..<900_000, 131_071..<131_073, 0..<1] as [Range<Int64>] {
                let expected = bytes[Int(range.lowerBound)..<Int(range.upperBound)]
                #expect(try await read(film, range) == expected)
            }
            let grant = try #require(recorded.grants.withLock { $0.last })
            #expect(grant.name == "root" && grant.edge == device && grant.tenant == .home && grant.item == .clip(clip))
        }
    }

    @Test("is refused while the owner has not allowed it, and ends when they take that back")
    func allowed() async throws {
        try await run { relay, _, _ in
            let refused = await #expect(throws: GuardianError.self) { try await content(relay) }
            #expect(refused?.code == .unavailable)
            try await allow(relay)
            // Nobody takes it, so it is under way when it is forbidden.
            let film = try await content(relay)
            let produce = try await film.open(0..<900_000)
            try await settings.changeRelay(false) {}
            try await eventually("the node cannot ask any more") { (try? await self.content(relay)) == nil }
            var taken = 0
            try? await RemoteContent.relay(produce) { taken += $0.readableBytes }
            #expect(taken < 900_000)
        }
    }

    @Test("that is gone, or cannot be written down, is refused with the reason")
    func reasons() async throws {
        try await run { relay, _, _ in
            try await allow(relay)
            let gone = await #expect(throws: GuardianError.self) {
                try await content(relay, .snapshot(EventID(UUID())))
            }
            #expect(gone?.code == .notFound && gone?.message == "It is gone.")
            recorded.refuses.withLock { $0 = true }
            let unwritten = await #expect(throws: GuardianError.self) { try await content(relay) }
            #expect(unwritten?.code == .unavailable)
        }
    }

    @Test("stops when whoever asked goes away, and makes room for the next")
    func abandoned() async throws {
        try await run { relay, scope, _ in
            try await allow(relay)
            for _ in 0..<40 {
                let film = try await content(relay)
                let produce = try await film.open(0..<900_000)
                struct Gone: Error {}
                await #expect(throws: Gone.self) { try await RemoteContent.relay(produce) { _ in throw Gone() } }
            }
            try await eventually("nothing is left") { scope.tenant.controls.count == 0 }
        }
    }

    @Test("needs a new consent for each node, and the configuration file's counts for the one that it names")
    func consent() async throws {
        func store(_ node: String?, fixed: Bool? = nil) -> EdgeSettingsStore {
            EdgeSettingsStore(
                path: fixture.folder.path("consent.json"), fixed: RecordingForm(), fixedRelay: fixed, node: node,
                clock: SystemClock(), logger: Logger(label: "edge"))
        }
        try await store("a.example:1").changeRelay(true) {}
        #expect(store("a.example:1").allowsRelay)
        #expect(!store("b.example:1").allowsRelay && !store(nil).allowsRelay)
        #expect(store("b.example:1", fixed: true).allowsRelay && !store("a.example:1", fixed: false).allowsRelay)
        for refusing in [store(nil), store("a.example:1", fixed: false)] {
            let error = #expect(throws: GuardianError.self) { try refusing.checkRelay(true) }
            #expect(error?.context["field"] == "node.relay")
        }
        try await store("a.example:1").changeRelay(false) {}
        #expect(!store("a.example:1").allowsRelay)
    }

    @Test("cannot be watched while the node does not answer, which the owner is told after a minute")
    func unreachable() async throws {
        let clock = TestClock()
        let link = RelayLink(
            NodeTarget(host: "localhost", port: try UnusedPort.find(), credentials: fixture.edgeFiles),
            settings: settings,
            answers: answers(), monotonic: clock, logger: Logger(label: "edge") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await link.run() }
            defer { group.cancelAll() }
            try await settings.changeRelay(true) {}
            try await eventually("it has failed") { clock.sleepers == 1 }
            #expect(link.problems.isEmpty)
            clock.advance(by: .seconds(60))
            #expect(link.problems.map(\.where) == ["node"])
            try await settings.changeRelay(false) {}
            #expect(link.problems.isEmpty)
        }
    }

    @Test("is asked for by its node alone, once, in time, and of this recorder")
    func grants() async throws {
        let signer = try GrantSigner(fixture.nodeFiles.credential())
        let verifier = try await GrantVerifier(
            certificatePEM: signer.certificatePEM, authorityPEM: try fixture.edgeFiles.authorityPEM(), host: "localhost"
        )
        let clock = ManualClock(Sample.start)
        let answers = answers(clock)
        func grant(
            edge: Hash256? = nil, tenant: TenantName = .home, issuedAt: Timestamp = Sample.start
        ) -> RelayGrant {
            RelayGrant(
                tenant: tenant, edge: edge ?? device, account: "a", name: "Anna", item: .clip(clip), issuedAt: issuedAt)
        }
        let good = grant()
        let request = try signer.request(good, 0..<9)
        #expect(answers.grant(of: request, verifier) == good)
        #expect(answers.grant(of: request, verifier) == nil, "a second time")
        let others = try [
            grant(edge: .sha256(of: [1])), grant(tenant: #require(TenantName("miller"))),
            grant(issuedAt: Sample.start + -3_600_000), grant(issuedAt: Sample.start + 3_600_000),
        ]
        for other in others { #expect(answers.grant(of: try signer.request(other, nil), verifier) == nil) }
        var changed = try signer.request(grant(), nil)
        changed.grant[changed.grant.count - 1] ^= 1
        #expect(answers.grant(of: changed, verifier) == nil)
        // An edge has a certificate of the same authority, but none of a server.
        let edge = try GrantSigner(fixture.edgeFiles.credential())
        await #expect(throws: GuardianError.self) {
            try await GrantVerifier(
                certificatePEM: edge.certificatePEM, authorityPEM: try fixture.edgeFiles.authorityPEM(),
                host: "localhost")
        }
        await #expect(throws: GuardianError.self) {
            try await GrantVerifier(
                certificatePEM: signer.certificatePEM, authorityPEM: try fixture.edgeFiles.authorityPEM(),
                host: "other.example")
        }
        #expect(answers.grant(of: try edge.request(grant(), nil), verifier) == nil)
    }

    @Test("has bytes that are there, whatever the node asks for")
    func ranges() throws {
        for (offset, length) in [(0, 900_001), (900_000, 1), (UInt64.max, 1), (0, UInt64.max), (1 << 63, 1 << 63)] {
            let request = Guardian_V1_RelayRequest.with { ($0.offset, $0.length) = (offset, length) }
            #expect(throws: GuardianError.self) { try RelayAnswers.range(request, of: film) }
        }
        let all = Guardian_V1_RelayRequest.with { ($0.offset, $0.length) = (0, 900_000) }
        #expect(try RelayAnswers.range(all, of: film) == 0..<900_000)
    }

    @Test("is passed on as far as it was asked for, and no head of an edge becomes another header")
    func hostile() async throws {
        try await fixture.withNode { port, tenants in
            let controls = try tenants.localScope().tenant.controls
            let signer = try GrantSigner(fixture.nodeFiles.credential())
            let transport = try HTTP2ClientTransport.Posix(
                target: .dns(host: "localhost", port: port), transportSecurity: try fixture.edgeFiles.clientSecurity())
            try await withGRPCClient(transport: transport) { client in
                let client = Guardian_V1_ControlService.Client(wrapping: client)
                let heads = [
                    Guardian_V1_RelayHead.with { ($0.size, $0.etag) = (9, "\"a\"\r\nSet-Cookie: b=\"c\"") },
                    .with { ($0.size, $0.etag) = (UInt64.max, "\"a\"") }, .with { $0.size = 9 },
                ]
                for (number, head) in (heads + [.with { ($0.size, $0.etag) = (9, "\"a\"") }]).enumerated() {
                    let (_, orders) = controls.connect(device)
                    let grant = RelayGrant(
                        tenant: .home, edge: device, account: "", name: "", item: .clip(clip),
                        issuedAt: SystemClock().now())
                    let asked = Task {
                        try await controls.ask(grant, 0..<4, signer: signer, monotonic: SystemMonotonicClock())
                    }
                    for await _ in orders { break }
                    await #expect(throws: RPCError.self, "\(number)") {
                        try await client.answer { writer in
                            try await writer.write(
                                .with {
                                    $0.head = head
                                    $0.head.request = Data(grant.request.bytes)
                                })
                            // More than was asked for.
                            try await writer.write(.with { $0.bytes = Data([1, 2, 3, 4, 5]) })
                        }
                    }
                    guard number == heads.count else {
                        await #expect(throws: GuardianError.self) { try await asked.value }
                        continue
                    }
                    let answered = try await asked.value
                    let piece = await answered.exchange.pipe.receive()
                    #expect(piece == nil)
                }
                // A second answer to one request.
                let (_, orders) = controls.connect(device)
                let grant = RelayGrant(
                    tenant: .home, edge: device, account: "", name: "", item: .clip(clip), issuedAt: SystemClock().now()
                )
                let asked = Task {
                    try await controls.ask(grant, 0..<4, signer: signer, monotonic: SystemMonotonicClock())
                }
                for await _ in orders { break }
                let head = Guardian_V1_RelayAnswer.with {
                    $0.head = .with { ($0.size, $0.etag) = (9, "\"a\"") }
                    $0.head.request = Data(grant.request.bytes)
                }
                _ = try await client.answer { writer in
                    try await writer.write(head)
                    _ = try await asked.value
                    await #expect(throws: RPCError.self) { try await client.answer { try await $0.write(head) } }
                    try await writer.write(.with { $0.bytes = Data([1, 2, 3, 4]) })
                }
                let pipe = try await asked.value.exchange.pipe
                #expect(await pipe.receive()?.readableBytes == 4)
                #expect(await pipe.receive() == nil)
                // Nobody waits for it.
                await #expect(throws: RPCError.self) {
                    try await client.answer { try await $0.write(.with { $0.head.request = Data(count: 16) }) }
                }
            }
            #expect(controls.count == 0)
        }
    }
}
