import Foundation
import GuardianArchive
import GuardianCore
import GuardianHTTP
import GuardianJournal
import GuardianNode
import GuardianOperations
import GuardianWire
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import GuardianTestKit
import Testing

@Suite("The archive, read back")
struct ArchiveReadingSerialTests {
    private let kit: ArchiveKit
    private let plaintext = [UInt8](repeating: 7, count: 4040 + 4080)

    init() throws { kit = try ArchiveKit() }

    private func web<Value>(
        _ tenants: Tenants, _ body: @Sendable (any TestClientProtocol) async throws -> Value
    ) async throws -> Value {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = try NodeAPI.server(
            NodeAPI.Site(metrics: MetricsRegistry()), tenants: tenants,
            address: ListenAddress(host: "127.0.0.1", port: 0), gate: .open, logger: logger)
        return try await server.application.test(.router, body)
    }

    private func page(_ client: any TestClientProtocol, _ query: String = "") async throws -> PageView<ArchivedClipView>
    {
        let answer = try await client.get("/api/v1/archive?\(query)")
        #expect(answer.status == .ok)
        return try JSONDecoder().decode(PageView<ArchivedClipView>.self, from: Data(buffer: answer.body))
    }

    @Test("lists clips newest first, in pages, by camera, time, status and event")
    func lists() async throws {
        let clips = try (0..<3).map {
            try kit.seal(
                plaintext, clip: .v7(at: Sample.start + Int64($0) * 60_000), camera: $0 == 1 ? Sample.yard : nil)
        }
        let event = Sample.event(60_000, camera: Sample.yard, clips: [clips[1].clip])
        try await kit.withNode { port, tenants in
            for clip in clips.prefix(2) { try await kit.send(clip, port: port) }
            _ = try await kit.store(Array(clips[2].requests.prefix(2)), port: port, replies: 2)
            // The journal has entries of the second clip and its event.
            let journal = try kit.node.journal()
            var told = Sample.clip(60_000, camera: Sample.yard)
            told.id = clips[1].clip
            let entries = try await journal.append(
                [.clipOpened(told), .clipClosed(told), .eventOpened(event, Sample.judgement)], at: Sample.start)
            _ = try await tenants.localScope().cache.accept(entries, from: kit.node.key.publicKey)
            try await web(tenants) { client in
                let all = try await page(client)
                #expect(all.items.map(\.clipId) == clips.reversed().map(\.clip))
                #expect(all.items.map(\.status) == [.uploading, .stored, .stored])
                #expect(all.items.map(\.startedAt.time) == (0..<3).reversed().map { Sample.start + $0 * 60_000 })
                #expect(all.items.map(\.duration) == [nil, 14_000, nil])
                #expect(all.items[1].events == [event.id])
                #expect(all.items.allSatisfy { $0.camera == nil && $0.contentType == "video/mp4" })
                let part = try #require(all.items[2].parts.first)
                #expect(part.sha256 == .sha256(of: clips[0].bytes) && part.size == Int64(clips[0].bytes.count))
                #expect(part.bucket == "guardian" && part.objectKey == "clips/\(clips[0].clip)/0.grdn")
                #expect(part.keyIds == [kit.owner.xWing.keyID.text])
                #expect(part.checkpoint?.plaintextLength == Int64(plaintext.count))
                #expect(part.checkpoint.map { Array($0.signed) } == clips[0].checkpoint?.bytes)

                let first = try await page(client, "limit=2")
                let rest = try await page(client, "limit=2&cursor=\(first.nextCursor ?? "")")
                #expect((first.items + rest.items).map(\.clipId) == all.items.map(\.clipId))
                #expect(rest.nextCursor == nil)
                for (query, expected) in [
                    ("camera=\(Sample.yard)", [1]), ("status=uploading", [2]), ("status=stored", [1, 0]),
                    ("status=refused", []), ("event=\(event.id)", [1]), ("event=\(EventID.v7(at: Sample.start))", []),
                    ("from=\((Sample.start + 60_000).rfc3339)", [2, 1]), ("to=\((Sample.start + 60_000).rfc3339)", [0]),
                ] {
                    #expect(
                        try await page(client, query).items.map(\.clipId) == expected.map { clips[$0].clip }, "\(query)"
                    )
                }
                for query in [
                    "status=lost", "event=1", "cursor=abc", "cursor=abc!", "limit=0", "part=1", "camera=Front",
                ] {
                    #expect(try await client.get("/api/v1/archive?\(query)").status == .badRequest, "\(query)")
                }
            }
        }
    }

    @Test("gives a stored part whole and in ranges, with its SHA-256 as tag")
    func stored() async throws {
        let clip = try kit.seal(plaintext)
        let bytes = clip.bytes
        let path = "/api/v1/archive/\(clip.clip)?part=0"
        try await kit.withNode { port, tenants in
            try await kit.send(clip, port: port)
            try await web(tenants) { client in
                let whole = try await client.get(path)
                #expect(whole.status == .ok && Array(whole.body.readableBytesView) == bytes)
                let tag = try #require(whole.headers[.eTag])
                #expect(tag == "\"\(Hash256.sha256(of: bytes).hex)\"")
                #expect(whole.headers[.contentType] == "application/octet-stream")
                #expect(whole.headers[.contentLength] == "\(bytes.count)")
                let middle = try await client.get(path, headers: [.range: "bytes=4000-4999", .ifRange: tag])
                #expect(middle.status == .partialContent)
                #expect(middle.headers[.contentRange] == "bytes 4000-4999/\(bytes.count)")
                #expect(Array(middle.body.readableBytesView) == Array(bytes[4000..<5000]))
                let end = try await client.get(path, headers: [.range: "bytes=-10"])
                #expect(Array(end.body.readableBytesView) == Array(bytes.suffix(10)))
                let other = try await client.get(path, headers: [.range: "bytes=0-9", .ifRange: "\"other\""])
                #expect(other.status == .ok && other.body.readableBytes == bytes.count)
                let beyond = try await client.get(path, headers: [.range: "bytes=\(bytes.count)-"])
                #expect(
                    beyond.status == .rangeNotSatisfiable && beyond.headers[.contentRange] == "bytes */\(bytes.count)")
                #expect(try await client.get(path, headers: [.ifNoneMatch: tag]).status == .notModified)
                let head = try await client.executeRequest(uri: path, method: .head, headers: [:], body: nil)
                #expect(head.status == .ok && head.headers[.contentLength] == "\(bytes.count)")
                #expect(head.body.readableBytes == 0)
                for missing in [
                    "\(clip.clip)?part=1", "\(ClipID.v7(at: Sample.start))?part=0", "\(ClipID.v7(at: Sample.start))",
                ] {
                    #expect(try await client.get("/api/v1/archive/\(missing)").status == .notFound)
                }
                for bad in ["\(clip.clip)?part=-1", "\(clip.clip)?part=x", "\(clip.clip)?part=0&limit=1", "front"] {
                    #expect(try await client.get("/api/v1/archive/\(bad)").status == .badRequest)
                }
            }
        }
    }

    @Test("returns an unfinished part as far as it has arrived, not cacheable")
    func growing() async throws {
        let clip = try kit.seal(plaintext)
        try await kit.withNode { port, tenants in
            _ = try await kit.store(Array(clip.requests.prefix(2)), port: port, replies: 2)
            try await web(tenants) { client in
                let answer = try await client.get("/api/v1/archive/\(clip.clip)?part=0")
                #expect(Array(answer.body.readableBytesView) == clip.messages[0])
                #expect(answer.headers[.cacheControl] == "no-store")
                let range = try await client.get(
                    "/api/v1/archive/\(clip.clip)?part=0", headers: [.range: "bytes=100-"])
                #expect(Array(range.body.readableBytesView) == Array(clip.messages[0][100...]))
            }
        }
    }

    @Test("reports that the store has lost an object, or has another")
    func lost() async throws {
        let clip = try kit.seal(plaintext)
        let object = kit.node.folder.path("tenants-archive/guardian/clips/\(clip.clip)/0.grdn")
        let path = "/api/v1/archive/\(clip.clip)?part=0"
        try await kit.withNode { port, tenants in
            try await kit.send(clip, port: port)
            try await web(tenants) { client in
                try Data(clip.bytes.dropLast()).write(to: URL(filePath: object))
                #expect(try await client.get(path, headers: [.range: "bytes=0-9"]).status == .internalServerError)
                try FileManager.default.removeItem(atPath: object)
                let answer = try await client.get(path)
                #expect(answer.status == .notFound)
                let problem = try JSONDecoder().decode(Problem.self, from: Data(buffer: answer.body))
                #expect(problem.detail.contains("removed"))
                #expect(
                    try await client.executeRequest(uri: path, method: .head, headers: [:], body: nil).status
                        == .notFound)
                // The receipt stays.
                #expect(try await page(client).items.map(\.status) == [.stored])
            }
        }
    }

    @Test("gives an event's sealed picture")
    func snapshot() async throws {
        let event = EventID.v7(at: Sample.start)
        let sealer = try ClipSealer(
            ClipFields(snapshotOf: event, camera: kit.camera), to: [kit.owner.xWing], signer: DeviceSigner(kit.device))
        let bytes = try sealer.opening + sealer.append([UInt8](repeating: 3, count: 5000)) + sealer.finish()
        let hello = Guardian_V1_StoreRequest.with {
            $0.hello.kind = .snapshot
            $0.hello.subject = event.description
            $0.hello.camera = kit.camera.description
        }
        try await kit.withNode { port, tenants in
            let replies = try await kit.store([hello, .bytes(bytes, at: 0), .end(bytes.count)], port: port)
            #expect(replies.last?.receipt.objectKey == "events/\(event)/snapshot.grdn")
            try await web(tenants) { client in
                let answer = try await client.get("/api/v1/archive/events/\(event)/snapshot")
                #expect(Array(answer.body.readableBytesView) == bytes)
                let listed = try await client.get(
                    "/api/v1/archive/events?status=stored&event=\(event)&camera=\(kit.camera)")
                let pictures = try JSONDecoder().decode(
                    PageView<ArchivedPictureView>.self, from: Data(buffer: listed.body))
                #expect(pictures.items.map(\.eventId) == [event] && pictures.nextCursor == nil)
                #expect(pictures.items.first?.file.sha256 == .sha256(of: bytes))
                let none = try await client.get("/api/v1/archive/events?status=refused")
                #expect(
                    try JSONDecoder().decode(PageView<ArchivedPictureView>.self, from: Data(buffer: none.body)).items
                        .isEmpty)
                let one = try await client.get("/api/v1/archive/events/\(event)")
                #expect(
                    try JSONDecoder().decode(ArchivedPictureView.self, from: Data(buffer: one.body)).file.size
                        == bytes.count)
                let other = EventID.v7(at: Sample.start)
                #expect(try await client.get("/api/v1/archive/events/\(other)").status == .notFound)
                #expect(try await client.get("/api/v1/archive/events/\(other)/snapshot").status == .notFound)
                #expect(try await page(client).items.isEmpty)
            }
        }
    }

    @Test("returns over gRPC the same as over HTTP, to a client with a certificate of the tenant")
    func wire() async throws {
        let clip = try kit.seal(plaintext)
        let fetch = Guardian_V1_FetchRequest.with {
            $0.kind = .clip
            $0.subject = clip.clip.description
        }
        @Sendable func fetched(_ request: Guardian_V1_FetchRequest, _ port: Int) async throws
            -> [Guardian_V1_FetchReply]
        {
            try await kit.call(port: port) { client in
                try await client.fetch(request) { response in
                    try await response.messages.reduce(into: []) { $0.append($1) }
                }
            }
        }
        try await kit.withNode { port, tenants in
            try await kit.send(clip, port: port)
            let (page, report) = try await kit.call(port: port) { client in
                (
                    try await client.list(.with { $0.limit = 5 }).checkedClips(),
                    try ArchiveReport(try await client.usage(.init()))
                )
            }
            try await web(tenants) { client in
                let listed = try await client.get("/api/v1/archive?limit=5")
                let view = PageView(items: page.items.map(ArchivedClipView.init), nextCursor: page.nextCursor)
                #expect(try listed.body == JSON.encode(view) && page.items.count == 1)
                let usage = try await client.get("/api/v1/archive/usage")
                #expect(try usage.body == JSON.encode(ArchiveUsageView(report)))
            }
            let whole = try await fetched(fetch, port)
            #expect(whole.first?.size == UInt64(clip.bytes.count))
            #expect(whole.first?.etag == "\"\(Hash256.sha256(of: clip.bytes).hex)\"")
            #expect(whole.flatMap { Array($0.bytes) } == clip.bytes)
            var part = fetch
            (part.offset, part.length) = (10, 20)
            #expect(try await fetched(part, port).flatMap { Array($0.bytes) } == Array(clip.bytes[10..<30]))
            part.length = UInt64(clip.bytes.count)
            var missing = fetch
            missing.part = 1
            for (request, code) in [(part, GuardianError.Code.outOfRange), (missing, .notFound)] {
                let error = await #expect(throws: GuardianError.self) { try await fetched(request, port) }
                #expect(error?.code == code)
            }
            let error = await #expect(throws: GuardianError.self) {
                try await kit.call(port: port) { try await $0.list(.with { $0.limit = 201 }) }
            }
            #expect(error?.code == .invalidArgument)
        }
    }
}

extension TestClientProtocol {
    func get(_ uri: String, headers: HTTPFields = [:]) async throws -> TestResponse {
        try await executeRequest(uri: uri, method: .get, headers: headers, body: nil)
    }

    func ask(_ method: HTTPRequest.Method, _ uri: String) async throws -> TestResponse {
        try await executeRequest(uri: uri, method: method, headers: [:], body: nil)
    }
}
