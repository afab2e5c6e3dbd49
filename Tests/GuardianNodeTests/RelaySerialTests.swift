import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianEdge
import GuardianHTTP
import GuardianIdentity
import GuardianNode
import GuardianOperations
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
    private let metrics = MetricsRegistry()
    private let camera = CameraID(UUID())
    private let records = Records()
    /// What the edge tells of its cameras.
    private let reports = Reports()
    private static let picture = [UInt8](repeating: 7, count: 300_000)
    private static let index = ServedFile.Insertion(offset: 4, bytes: [9, 9, 9], end: 900_000)

    private final class Reports: Sendable {
        let now = Mutex<[CameraReport]>([])
    }

    /// The live views that were begun, into which a test puts records.
    private final class Records: Sendable {
        private let begun = Mutex<[AsyncStream<LiveRecord>.Continuation]>([])

        func make() -> AsyncStream<LiveRecord> {
            let (stream, continuation) = AsyncStream.makeStream(of: LiveRecord.self)
            continuation.onTermination = { [ended] _ in ended.increment() }
            begun.withLock { $0.append(continuation) }
            return stream
        }

        let ended = Watermark(0)
        var count: Int { begun.withLock { $0.count } }
        var newest: AsyncStream<LiveRecord>.Continuation? { begun.withLock { $0.last } }
    }

    private func report(_ id: CameraID, _ alias: String, _ state: CameraReport.State = .live) throws -> CameraReport {
        CameraReport(
            id: id, alias: try #require(CameraAlias(alias)), name: "The \(alias)", state: state, watch: .quiet,
            since: Sample.start, fps: 15, bitrate: 1_000_000, width: 640, height: 360, codec: "avc1.64001e",
            recording: false, person: false)
    }

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
            content: { [film, clip, camera, records] item in
                switch item {
                case .clip(clip): .file(film)
                case .indexedClip(clip): .file(film.inserting(Self.index))
                case .live(camera): .live(records.make())
                case .cameraPicture(camera): .picture(Self.picture)
                default: throw GuardianError(.notFound, "It is gone.")
                }
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
            let relay = NodeRelay(
                scope: scope, signer: try GrantSigner(fixture.nodeFiles.credential()), metrics: metrics)
            let link = RelayLink(
                NodeTarget(host: "localhost", port: port, credentials: fixture.edgeFiles), settings: settings,
                answers: answers(), cameras: { [reports] in reports.now.withLock { $0 } },
                logger: Logger(label: "edge") { _ in SwiftLogNoOpLogHandler() })
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
            let shown = metrics.exposition()
            #expect(shown.contains("guardian_node_relay_requests_total{kind=\"recording\",outcome=\"answered\"} "))
            #expect(shown.contains("guardian_node_relay_requests_total{kind=\"live\",outcome=\"answered\"} 0"))
            let grant = try #require(recorded.grants.withLock { $0.last })
            #expect(grant.name == "root" && grant.edge == device && grant.tenant == .home && grant.item == .clip(clip))
        }
    }

    @Test("has an index where it is asked for, of the recorder's making")
    func indexed() async throws {
        try await run { relay, _, _ in
            try await allow(relay)
            let film = try await content(relay, .indexedClip(clip))
            #expect(film.size == 900_003)
            #expect(try await read(film, 2..<9) == bytes[2..<4] + Data([9, 9, 9]) + bytes[4..<6])
            #expect(try await read(film, 899_999..<900_003) == bytes[899_996..<900_000])
        }
    }

    @Test("and what a camera shows now arrive, as long as somebody watches")
    func live() async throws {
        try await run { relay, scope, _ in
            try await allow(relay)
            #expect(try await relay.picture(of: camera, at: device, for: caller) == Self.picture)
            let large = [UInt8](repeating: 5, count: 600_000)
            let view = Task {
                var seen: [LiveRecord] = []
                for await record in relay.live(camera, of: { [device] in device }, for: caller) {
                    seen.append(record)
                    if seen.count == 5 { break }
                }
                return seen
            }
            try await eventually("it has begun") { records.count == 1 }
            records.newest?.yield(.start(codecs: "avc1", initSegment: [1, 2]))
            records.newest?.yield(.fragment(large))
            // The recorder ends it, as when the camera's picture changes its size: the node says so, and asks again.
            records.newest?.finish()
            try await eventually("it was asked for again") { records.count == 2 }
            records.newest?.yield(.start(codecs: "hvc1", initSegment: [3]))
            records.newest?.yield(.fragment([6]))
            let seen = await view.value
            guard case .start("avc1", [1, 2]) = seen[0], case .fragment(large) = seen[1],
                case .state(let lost) = seen[2],
                case .start("hvc1", [3]) = seen[3], case .fragment([6]) = seen[4]
            else { return #expect(Bool(false), "\(seen.map(\.kind))") }
            #expect(String(buffer: lost).contains("\"lost\""))
            // Nobody watches any more.
            try await eventually("the recorder is told") {
                records.newest?.yield(.fragment([7]))
                return records.ended.value == 2 && scope.tenant.controls.count == 0
            }
            #expect(
                Set(recorded.grants.withLock { $0.map(\.item) }).isSuperset(of: [.live(camera), .cameraPicture(camera)])
            )
        }
    }

    @Test("has no word of its camera's state that a page cannot read")
    func hostileState() async throws {
        try await run { relay, _, _ in
            try await allow(relay)
            for json in ["null", "[]", "{}", String(repeating: " ", count: 5_000)] {
                let before = records.count
                let view = Task {
                    for await record in relay.live(camera, of: { [device] in device }, for: caller) {
                        return record.kind
                    }
                    return ""
                }
                try await eventually("it has begun") { records.count > before }
                records.newest?.yield(.state(ByteBuffer(string: json)))
                #expect(await view.value.contains("cannot be read"), "\(json.prefix(9))")
            }
        }
    }

    @Test("goes over to the recorder that has the camera now")
    func moved() async throws {
        try await run { relay, _, _ in
            try await allow(relay)
            let owner = Mutex<Hash256?>(device)
            let kinds = Mutex<[String]>([])
            let view = Task {
                for await record in relay.live(camera, of: { owner.withLock { $0 } }, for: caller) {
                    kinds.withLock { $0.append(record.kind) }
                }
            }
            defer { view.cancel() }
            try await eventually("it has begun") { records.count == 1 }
            records.newest?.yield(.fragment([1]))
            try await eventually("it is shown") { kinds.withLock { $0 } == ["fragment of 1"] }
            // Whose it is then is not connected.
            owner.withLock { $0 = .sha256(of: [9]) }
            records.newest?.yield(.fragment([2]))
            try await eventually("it ends") { kinds.withLock { $0.count } == 2 }
            #expect(kinds.withLock { $0.last?.contains("another recorder") } == true)
        }
    }

    @Test("of a camera that is not there says why, and goes on once it is")
    func liveAway() async throws {
        try await run { relay, _, _ in
            // Nothing is allowed yet.
            let view = Task {
                for await record in relay.live(camera, of: { [device] in device }, for: caller) {
                    if case .fragment = record { return true }
                }
                return false
            }
            try await allow(relay)
            try await eventually("it has begun") { records.count == 1 }
            records.newest?.yield(.fragment([6]))
            #expect(await view.value)
        }
    }

    @Test("is of cameras that the recorder names, while it is connected")
    func cameras() async throws {
        let front = try report(camera, "front")
        reports.now.withLock { $0 = [front] }
        try await run { relay, scope, _ in
            #expect(scope.tenant.cameras.all.isEmpty)
            try await allow(relay)
            try await eventually("the node knows it") { scope.tenant.cameras.all.map(\.report) == [front] }
            let lost = try report(camera, "front", .lost)
            reports.now.withLock { $0 = [lost] }
            try await eventually("the node knows its state") { scope.tenant.cameras.all.map(\.report) == [lost] }
            try await settings.changeRelay(false) {}
            try await eventually("the node forgets it") { scope.tenant.cameras.all.isEmpty }
            #expect(scope.tenant.cameras.names.name(of: camera) == camera.description)
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

    @Test("waits until there is room, when many are asked for at once")
    func many() async throws {
        try await run { relay, scope, _ in
            try await allow(relay)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<100 {
                    group.addTask { try await read(try await content(relay), 0..<300_000).count }
                }
                for try await count in group { #expect(count == 300_000) }
            }
            #expect(scope.tenant.controls.count == 0)
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
            answers: answers(), cameras: { [] }, monotonic: clock,
            logger: Logger(label: "edge") { _ in SwiftLogNoOpLogHandler() })
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

extension LiveRecord {
    fileprivate var kind: String {
        switch self {
        case .start(let codecs, _): "start \(codecs)"
        case .fragment(let bytes): "fragment of \(bytes.count)"
        case .state(let json): String(buffer: json)
        }
    }
}
