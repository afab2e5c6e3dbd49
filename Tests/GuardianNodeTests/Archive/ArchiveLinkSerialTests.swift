import Foundation
import GuardianArchive
import GuardianCore
import GuardianEdge
import GuardianHTTP
import GuardianOperations
import GuardianWire
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import GuardianTestKit
import Testing

@Suite("The edge forwards the archive")
struct ArchiveLinkSerialTests {
    private let kit: ArchiveKit

    init() throws { kit = try ArchiveKit() }

    /// Runs an edge's API with the camera `front` and a node at the port.
    private func edge<Value: Sendable>(
        port: Int?, credentials: CredentialFiles? = nil,
        _ body: @Sendable (any TestClientProtocol) async throws -> Value
    ) async throws -> Value {
        let front = try #require(CameraAlias("front"))
        let link = port.map { port in
            ArchiveLink(
                NodeTarget(host: "localhost", port: port, credentials: credentials ?? kit.node.edgeFiles),
                logger: ArchiveFixture.quiet)
        }
        let camera = CameraSource(
            id: kit.camera, alias: front, view: { throw CancellationError() }, snapshot: { [] },
            live: { AsyncStream { $0.finish() } }, test: { throw CancellationError() })
        let sources = EdgeSources(
            journal: try kit.node.journal(), cameras: [camera], clipFile: { _ in throw CancellationError() },
            snapshotFile: { _, _ in "" }, status: { throw CancellationError() },
            readiness: { Readiness(reasons: []) },
            archive: link?.reading(cameras: CameraNames([kit.camera: front])))
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = try EdgeAPI.server(
            sources, address: ListenAddress(host: "127.0.0.1", port: 0), gate: .open, pages: nil,
            metrics: MetricsRegistry(),
            logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            if let link { group.addTask { try await link.run() } }
            defer { group.cancelAll() }
            return try await server.application.test(.router, body)
        }
    }

    @Test("with its cameras' own names, in ranges, and with the node's error when something is missing")
    func passesOn() async throws {
        let clip = try kit.seal([UInt8](repeating: 7, count: 600_000))
        try await kit.withNode { port, _ in
            try await kit.send(clip, port: port)
            try await edge(port: port) { client in
                for query in ["", "?camera=front", "?camera=\(kit.camera)", "?limit=1"] {
                    let answer = try await client.get("/api/v1/archive\(query)")
                    #expect(answer.status == .ok)
                    let page = try JSONDecoder().decode(
                        PageView<ArchivedClipView>.self, from: Data(buffer: answer.body))
                    #expect(page.items.map(\.camera) == ["front"])
                    #expect(page.items.map(\.clipId) == [clip.clip])
                }
                #expect(try await client.get("/api/v1/archive?camera=attic").status == .notFound)
                let one = try await client.get("/api/v1/archive/\(clip.clip)")
                let view = try JSONDecoder().decode(ArchivedClipView.self, from: Data(buffer: one.body))
                #expect(view.camera == "front" && view.parts.count == 1)
                let path = "/api/v1/archive/\(clip.clip)?part=0"
                let whole = try await client.get(path)
                #expect(whole.status == .ok && Array(whole.body.readableBytesView) == clip.bytes)
                #expect(whole.headers[.eTag] == "\"\(Hash256.sha256(of: clip.bytes).hex)\"")
                let range = try await client.get(path, headers: [.range: "bytes=300000-300009"])
                #expect(range.status == .partialContent)
                #expect(Array(range.body.readableBytesView) == Array(clip.bytes[300_000..<300_010]))
                let missing = try await client.get("/api/v1/archive/\(clip.clip)?part=1")
                #expect(missing.status == .notFound)
                let problem = try JSONDecoder().decode(Problem.self, from: Data(buffer: missing.body))
                #expect(problem.detail == "The archive has no part 1 of a clip \(clip.clip).")
            }
        }
    }

    @Test("with events' pictures, under the cameras' own names")
    func pictures() async throws {
        let event = EventID.v7(at: Sample.start)
        let sealer = try ClipSealer(
            ClipFields(snapshotOf: event, camera: kit.camera), to: [kit.owner.xWing], signer: DeviceSigner(kit.device))
        let bytes = try sealer.opening + sealer.append([1, 2, 3]) + sealer.finish()
        let hello = Guardian_V1_StoreRequest.with {
            $0.hello.kind = .snapshot
            $0.hello.subject = event.description
            $0.hello.camera = kit.camera.description
        }
        try await kit.withNode { port, _ in
            _ = try await kit.store([hello, .bytes(bytes, at: 0), .end(bytes.count)], port: port)
            try await edge(port: port) { client in
                let page = try await client.get("/api/v1/archive/events?camera=front")
                let items = try JSONDecoder().decode(
                    PageView<ArchivedPictureView>.self, from: Data(buffer: page.body)
                ).items
                #expect(items.map(\.eventId) == [event] && items.map(\.camera) == ["front"])
                let one = try await client.get("/api/v1/archive/events/\(event)")
                #expect(
                    try JSONDecoder().decode(ArchivedPictureView.self, from: Data(buffer: one.body)).camera == "front")
                let sealed = try await client.get("/api/v1/archive/events/\(event)/snapshot")
                #expect(Array(sealed.body.readableBytesView) == bytes)
            }
        }
    }

    @Test("puts a hold on a clip but cannot release it, and reports the archive's usage")
    func holds() async throws {
        let clip = try kit.seal([UInt8](repeating: 7, count: 9_000))
        try await kit.withNode { port, _ in
            try await kit.send(clip, port: port)
            try await edge(port: port) { client in
                let held = try await client.ask(.put, "/api/v1/archive/\(clip.clip)/hold")
                #expect(held.status == .ok)
                let view = try JSONDecoder().decode(ArchivedClipView.self, from: Data(buffer: held.body))
                #expect(view.held && view.camera == "front")
                let released = try await client.ask(.delete, "/api/v1/archive/\(clip.clip)/hold")
                #expect(released.status == .forbidden)
                #expect(String(buffer: released.body).contains("at the node"))
                let nobody = ClipID.v7(at: Sample.start)
                #expect(try await client.ask(.put, "/api/v1/archive/\(nobody)/hold").status == .notFound)
                #expect(try await client.ask(.post, "/api/v1/archive/\(nobody)/hold").status == .methodNotAllowed)
                let answer = try await client.get("/api/v1/archive/usage")
                let usage = try JSONDecoder().decode(ArchiveUsageView.self, from: Data(buffer: answer.body))
                #expect(usage.all.bytes == Int64(clip.bytes.count) && usage.all.objects == 1)
                #expect(usage.all.byteLimit == nil && !usage.all.nearlyFull)
                #expect(usage.cameras.map(\.camera) == ["front"])
                #expect(usage.heldClips == 1 && usage.heldBytes == Int64(clip.bytes.count))
            }
        }
    }

    @Test("passes on what is wrong with the archive, in few words")
    func problems() async throws {
        try await kit.withNode { port, _ in
            let marker = URL(filePath: kit.node.folder.path("tenants/home/spool/.place"))
            try await eventually("the spool is marked") { FileManager.default.fileExists(atPath: marker.path) }
            try Data("\(UUID())\n".utf8).write(to: marker)
            try await edge(port: port) { client in
                let answer = try await client.get("/api/v1/archive/usage")
                let usage = try JSONDecoder().decode(ArchiveUsageView.self, from: Data(buffer: answer.body))
                #expect(usage.problems?.count == 1)
                #expect(usage.problems?.first?.contains("another node's") == true)
            }
        }
    }

    @Test("with credential files that were replaced, without a restart", .timeLimit(.minutes(10)))
    func replaced() async throws {
        var files = kit.node.edgeFiles
        let right = try Data(contentsOf: URL(filePath: files.authority))
        files.authority = kit.node.folder.path("other-authority.pem")
        let authority = URL(filePath: files.authority)
        try Data(CertificateAuthority(name: "other", days: 1).certificatePEM().utf8).write(to: authority)
        try await kit.withNode { [files] port, _ in
            try await edge(port: port, credentials: files) { client in
                let path = "/api/v1/archive/usage"
                #expect(try await client.get(path).status == .serviceUnavailable)
                try right.write(to: authority, options: .atomic)
                try await eventually("the new file is used") { try await client.get(path).status == .ok }
            }
        }
    }

    @Test("or reports that there is no node, or that it is unreachable")
    func away() async throws {
        let paths = ["/api/v1/archive", "/api/v1/archive/\(ClipID.v7(at: Sample.start))"]
        try await edge(port: nil) { client in
            for path in paths {
                let answer = try await client.get(path)
                #expect(answer.status == .serviceUnavailable)
                #expect(String(buffer: answer.body).contains("has no node"))
            }
        }
        // A port on which no process listens any more.
        let port = try await kit.node.withNode { port, _ in port }
        try await edge(port: port) { client in
            for path in paths + [paths[1] + "?part=0"] {
                let answer = try await client.get(path)
                #expect(answer.status == .serviceUnavailable)
                #expect(String(buffer: answer.body).contains("cannot be reached now"))
            }
        }
    }
}
