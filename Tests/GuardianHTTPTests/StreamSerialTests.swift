import Foundation
import GuardianCore
import GuardianHTTP
import GuardianOperations
import GuardianTestKit
import Hummingbird
import Synchronization
import Testing

@Suite("Streams")
struct StreamSerialTests {
    @Test("an event stream has ids, goes on after Last-Event-ID and ends properly when the server shuts down")
    func events() async throws {
        try await withServer(routes: { routes in
            routes.stream("/events", needs: .everyone) { web in
                let last = try EventStream.lastEventID(of: web).flatMap { Int64($0) } ?? 0
                return EventStream.make(for: web) { pipe in
                    for number in (last + 1)...(last + 3) {
                        let event = ServerSentEvent(
                            name: "event", id: "\(number)", data: try JSON.encode(["n": number]))
                        try await pipe.send(event.bytes)
                    }
                    try await Task.sleep(for: .seconds(3600))
                }
            }
        }) { port, group in
            try await Wire.connect(port) { wire in
                try await wire.send("GET /events HTTP/1.1", "Host: localhost", "Last-Event-ID: 41")
                let head = Answer(head: try #require(try await wire.read(through: "\r\n\r\n")))
                #expect(head.status == 200)
                #expect(head["content-type"] == "text/event-stream")
                #expect(head["cache-control"] == "no-store")
                let text = try #require(try await wire.read(through: "{\"n\":44}\n\n"))
                #expect(text.contains("retry: 2000\n\n"))
                #expect(text.contains("id: 42\nevent: event\ndata: {\"n\":42}\n\n"))
                await group.triggerGracefulShutdown()
                let rest = try await wire.readToEnd()
                #expect(String(decoding: rest, as: UTF8.self).hasSuffix("0\r\n\r\n"))
            }
        }
    }

    @Test("a stream ends when whoever asked may no longer see it")
    func accessEnds() async throws {
        let ended = Watermark(0)
        let gate = Gate(resolve: { _, _ in .localRoot }, end: { _ in try await ended.wait(beyond: 0) })
        try await withServer(
            gate: gate,
            routes: { routes in
                routes.stream("/flow", needs: .may(.watchLive)) { web in
                    StreamResponse.make(for: web, contentType: "text/plain") { pipe in
                        try await pipe.send(ByteBuffer(string: "first"))
                        try await Task.sleep(for: .seconds(3600))
                    }
                }
            }
        ) { port, _ in
            try await Wire.connect(port) { wire in
                try await wire.send("GET /flow HTTP/1.1", "Host: localhost")
                _ = try #require(try await wire.read(through: "first"))
                ended.advance(to: 1)
                _ = try #require(try await wire.read(through: "0\r\n\r\n"))
            }
        }
    }

    /// More than the buffers of both ends hold, and than a client reads until the server has noticed. The file has holes only.
    private static let length: Int64 = 8 << 30

    private func addDownloads(_ routes: inout Routes, _ folder: TemporaryFolder) throws {
        let hash = try #require(Hash256(hex: "ab" + String(repeating: "0", count: 62)))
        routes.get("/clip.mp4", needs: .may(.readEvents)) { web in
            try await FileResponse.make(
                for: web,
                file: .complete(
                    path: folder.path("clip"), length: Self.length, sha256: hash, contentType: "video/mp4",
                    name: "clip.mp4"))
        }
        routes.addArchive(ArchiveReading.download(of: Self.length))
    }

    @Test(
        "a download that has begun ends, before its length, when whoever asked may no longer see it",
        .timeLimit(.minutes(10)),
        arguments: ["/clip.mp4", "/api/v1/archive/0192f7c0-6c1e-7d3a-9d5b-0f6f2f4f1a2b?part=0"])
    func accessEndsInDownload(path: String) async throws {
        let folder = TemporaryFolder()
        #expect(FileManager.default.createFile(atPath: folder.path("clip"), contents: nil))
        let handle = try FileHandle(forWritingTo: URL(filePath: folder.path("clip")))
        try handle.truncate(atOffset: UInt64(Self.length))
        try handle.close()
        let ended = Watermark(0)
        let gate = Gate(resolve: { _, _ in .localRoot }, end: { _ in try await ended.wait(beyond: 0) })
        try await withServer(gate: gate, routes: { try addDownloads(&$0, folder) }) { port, _ in
            try await Wire.connect(port) { wire in
                try await wire.send("GET \(path) HTTP/1.1", "Host: localhost")
                let head = Answer(head: try #require(try await wire.read(through: "\r\n\r\n")))
                #expect(head.status == 200 && head["content-length"] == "\(Self.length)")
                _ = try #require(try await wire.read(1 << 20))
                ended.advance(to: 1)
                var received: Int64 = 1 << 20
                // A connection that is reset while it is read throws.
                while let piece = try? await wire.read(1 << 16) { received += Int64(piece.count) }
                #expect(received < Self.length)
            }
        }
    }

    @Test("a connection goes on after a download")
    func connectionStays() async throws {
        let folder = TemporaryFolder()
        try Data(repeating: 7, count: 2 << 20).write(to: URL(filePath: folder.path("clip")))
        let hash = try #require(Hash256(hex: "ab" + String(repeating: "0", count: 62)))
        try await withServer(routes: { routes in
            routes.get("/clip.mp4", needs: .may(.readEvents)) { web in
                let file = ServedFile.complete(
                    path: folder.path("clip"), length: 2 << 20, sha256: hash, contentType: "video/mp4",
                    name: "clip.mp4")
                return try await FileResponse.make(for: web, file: file)
            }
        }) { port, _ in
            try await Wire.connect(port) { wire in
                for _ in 0..<3 {
                    try await wire.send("GET /clip.mp4 HTTP/1.1", "Host: localhost")
                    #expect(try await wire.answer().body.count == 2 << 20)
                }
            }
        }
    }

    @Test("HEAD of a stream has GET's head, begins no stream and leaves the connection usable")
    func head() async throws {
        let begun = Mutex(0)
        try await withServer(routes: { routes in
            routes.stream("/events", needs: .everyone) { web in
                EventStream.make(for: web) { _ in begun.withLock { $0 += 1 } }
            }
        }) { port, _ in
            try await Wire.connect(port) { wire in
                for _ in 0..<2 {
                    try await wire.send("HEAD /events HTTP/1.1", "Host: localhost")
                    let answer = try await wire.answer(hasBody: false)
                    #expect(answer.status == 200)
                    #expect(answer["content-type"] == "text/event-stream")
                }
                try await wire.send("GET /nothing HTTP/1.1", "Host: localhost")
                #expect(try await wire.answer().status == 404)
            }
        }
        #expect(begun.withLock { $0 } == 0)
    }

    @Test("a Last-Event-ID that is none of ours is refused")
    func badResume() async throws {
        try await withServer(routes: { routes in
            routes.stream("/events", needs: .everyone) { web in
                _ = try EventStream.lastEventID(of: web)
                return EventStream.make(for: web) { _ in }
            }
        }) { port, _ in
            try await Wire.connect(port) { wire in
                try await wire.send("GET /events HTTP/1.1", "Host: localhost", "Last-Event-ID: x")
                let answer = try await wire.answer()
                #expect(answer.status == 400)
            }
        }
    }

    @Test("heartbeats go out while nothing happens", .timeLimit(.minutes(10)))
    func heartbeat() async throws {
        let clock = TestClock()
        try await withServer(routes: { routes in
            routes.stream("/beats", needs: .everyone) { web in
                StreamResponse.make(
                    for: web, contentType: "text/plain", heartbeat: (.seconds(15), ByteBuffer(string: "beat")),
                    monotonic: clock
                ) { _ in try await Task.sleep(for: .seconds(3600)) }
            }
        }) { port, _ in
            try await Wire.connect(port) { wire in
                try await wire.send("GET /beats HTTP/1.1", "Host: localhost")
                for _ in 0..<3 {
                    // The heartbeat, and the check for a stalled peer.
                    try await clock.waitForSleepers(2)
                    clock.advance(by: .seconds(15))
                    #expect(try await wire.read(through: "beat") != nil)
                }
            }
        }
    }

    @Test("when the viewer leaves, its source is cancelled")
    func leaving() async throws {
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        try await withServer(routes: { routes in
            routes.stream("/flow", needs: .everyone) { web in
                StreamResponse.make(for: web, contentType: "application/octet-stream") { pipe in
                    defer { end.finish() }
                    try await pipe.send(ByteBuffer(string: "first"))
                    try await Task.sleep(for: .seconds(3600))
                }
            }
        }) { port, _ in
            try await Wire.connect(port) { wire in
                try await wire.send("GET /flow HTTP/1.1", "Host: localhost")
                _ = try await wire.read(through: "first")
            }
            for await _ in ended {}
        }
    }

    /// Hummingbird's own detection of this crashes the process here.
    @Test("a client that disconnects within a request's body does no harm, nor does a stream that ends at once")
    func leavingEarly() async throws {
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        try await withServer(routes: { routes in
            routes.stream("/flow", needs: .everyone) { web in
                StreamResponse.make(for: web, contentType: "application/octet-stream") { pipe in
                    defer { end.yield() }
                    try await pipe.send(ByteBuffer(string: "first"))
                    try await Task.sleep(for: .seconds(3600))
                }
            }
            routes.stream("/short", needs: .everyone) { web in
                StreamResponse.make(for: web, contentType: "text/plain") { _ in }
            }
        }) { port, _ in
            var endings = ended.makeAsyncIterator()
            for _ in 0..<20 {
                try await Wire.connect(port) { wire in
                    try await wire.send("GET /flow HTTP/1.1", "Host: localhost", "Content-Length: 10")
                    _ = try await wire.read(through: "first")
                }
                _ = await endings.next()
                try await Wire.connect(port) { wire in
                    try await wire.send("GET /short HTTP/1.1", "Host: localhost", "Content-Length: 10")
                    #expect(try await wire.read(through: "\r\n\r\n") != nil)
                }
            }
        }
    }

    @Test("a viewer that does not read makes its source wait, and costs bounded memory")
    func backPressure() async throws {
        let sent = Mutex(0)
        try await withServer(routes: { routes in
            routes.get("/who", needs: .everyone) { _ in try JSON.response("you") }
            routes.stream("/flood", needs: .everyone) { web in
                StreamResponse.make(for: web, contentType: "application/octet-stream") { pipe in
                    let piece = ByteBuffer(repeating: 7, count: 1 << 20)
                    for _ in 0..<200 {
                        try await pipe.send(piece)
                        sent.withLock { $0 += 1 }
                    }
                }
            }
        }) { port, _ in
            try await Wire.connect(port) { wire in
                try await wire.send("GET /flood HTTP/1.1", "Host: localhost")
                _ = try await wire.read(through: "\r\n\r\n")
                // A source that could go on would have its turns while the server answers others: it blocks.
                try await Wire.connect(port) { other in
                    var (before, unchanged) = (0, 0)
                    while unchanged < 100 {
                        try await other.send("GET /who HTTP/1.1", "Host: localhost")
                        _ = try await other.answer()
                        let now = sent.withLock { $0 }
                        unchanged = now > 0 && now == before ? unchanged + 1 : 0
                        before = now
                    }
                }
                #expect(sent.withLock { $0 } < 100)
                var total = 0
                while total < 200 << 20, let bytes = try await wire.read(1 << 20) { total += bytes.count }
                #expect(total == 200 << 20)
            }
            #expect(sent.withLock { $0 } == 200)
        }
    }

    @Test("a viewer that reads nothing for a minute is disconnected, and its source is cancelled")
    func stalled() async throws {
        let clock = TestClock()
        let isCancelled = Mutex(false)
        try await withServer(routes: { routes in
            routes.stream("/flood", needs: .everyone) { web in
                StreamResponse.make(for: web, contentType: "application/octet-stream", monotonic: clock) { pipe in
                    defer { isCancelled.withLock { $0 = true } }
                    while true { try await pipe.send(ByteBuffer(repeating: 7, count: 1 << 20)) }
                }
            }
        }) { port, _ in
            try await Wire.connect(port) { wire in
                try await wire.send("GET /flood HTTP/1.1", "Host: localhost")
                _ = try await wire.read(through: "\r\n\r\n")
                try await eventually("it is disconnected", advancing: clock, by: .seconds(5)) {
                    isCancelled.withLock { $0 }
                }
            }
        }
    }

    @Test("the status is read again after 450 ms at the earliest, however often it is needed")
    func status() async throws {
        let (clock, reads) = (TestClock(), Reads())
        let cache = StatusCache(monotonic: clock) {
            reads.count.withLock { $0 += 1 }
            throw CancellationError()
        }
        for _ in 0..<3 { #expect(await cache.current() == nil) }
        clock.advance(by: .milliseconds(450) - .nanoseconds(1))
        _ = await cache.current()
        #expect(reads.count.withLock { $0 } == 1)
        clock.advance(by: .nanoseconds(1))
        for _ in 0..<3 { _ = await cache.current() }
        #expect(reads.count.withLock { $0 } == 2)
    }

    private final class Reads: Sendable {
        let count = Mutex(0)
    }

    @Test("a live record is u8 camera, u8 kind, u16 zero, u32 length and its bytes, big endian")
    func liveRecords() throws {
        let start = LiveRecord.start(codecs: "avc1.64001f", initSegment: [1, 2, 3]).bytes(camera: 2)
        #expect(
            Array(buffer: start) == [2, 0, 0, 0, 0, 0, 0, 16, 0, 11] + Array("avc1.64001f".utf8) + [1, 2, 3])
        let fragment = LiveRecord.fragment([UInt8](repeating: 9, count: 258)).bytes(camera: 0)
        #expect(Array(buffer: fragment).prefix(8) == [0, 1, 0, 0, 0, 0, 1, 2])
        #expect(fragment.readableBytes == 266)
        let state = LiveRecord.state(ByteBuffer(string: "{}")).bytes(camera: 8)
        #expect(Array(buffer: state) == [8, 2, 0, 0, 0, 0, 0, 2, 0x7B, 0x7D])
    }

    @Test("a pipe keeps order, makes senders wait and releases them when it closes")
    func pipe() async throws {
        let pipe = Pipe<Int>(capacity: 2)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 0..<1000 { try await pipe.send(number) }
                pipe.close()
            }
            var received: [Int] = []
            while let number = await pipe.receive() { received.append(number) }
            #expect(received == Array(0..<1000))
            try await group.waitForAll()
        }
        await #expect(throws: CancellationError.self) { try await pipe.send(1) }
        #expect(!pipe.offer(1))
    }
}

extension Array where Element == UInt8 {
    init(buffer: ByteBuffer) { self = Array(buffer.readableBytesView) }
}

extension ArchiveReading {
    /// An archive in which each part has so many zeros.
    fileprivate static func download(of length: Int64) -> ArchiveReading {
        let nothing = GuardianError(.notFound, "There is nothing else in this archive.")
        return ArchiveReading(
            list: { _, _, _ in throw nothing }, clip: { _ in throw nothing },
            content: { _ in
                RemoteContent(size: length, etag: "\"one\"", isGrowing: false) { range in
                    { pipe in
                        let piece = ByteBuffer(repeating: 0, count: 1 << 20)
                        for _ in 0..<(range.count >> 20) { try await pipe.send(piece) }
                    }
                }
            },
            pictures: { _, _, _ in throw nothing }, picture: { _ in throw nothing }, usage: { throw nothing },
            hold: { _, _ in throw nothing }, cameras: CameraNames([:]))
    }
}
