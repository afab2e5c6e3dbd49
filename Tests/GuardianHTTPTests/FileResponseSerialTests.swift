import Foundation
import GuardianCore
import GuardianHTTP
import Testing

@Suite("Files in ranges")
struct FileResponseSerialTests {
    /// A file of 1.5 million bytes (several pieces) in which each byte depends on its offset.
    private static let bytes = (0..<1_500_007).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ ($0 >> 8)) }
    private static let hash = "ab" + String(repeating: "0", count: 62)

    private func ask(
        _ request: String, _ lines: String..., growing: Bool = false, warm: Bool = false,
        insertion: ServedFile.Insertion? = nil
    ) async throws
        -> Answer
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "clip.mp4").path
        try Data(Self.bytes).write(to: URL(filePath: path))
        let sha256 = try #require(Hash256(hex: Self.hash))
        return try await withServer(routes: { routes in
            routes.get("/clip.mp4", needs: .everyone) { web in
                var file: ServedFile =
                    growing
                    ? .growing(path: path, durable: 1000, identity: "one", contentType: "video/mp4", name: "clip.mp4")
                    : .complete(
                        path: path, length: Int64(Self.bytes.count), sha256: sha256, contentType: "video/mp4",
                        name: "clip.mp4")
                file.isWarm = warm
                if let insertion { file = file.inserting(insertion) }
                return try await FileResponse.make(for: web, file: file)
            }
            routes.get("/gone.mp4", needs: .everyone) { web in
                let file = ServedFile.growing(
                    path: path + ".gone", durable: 10, identity: "gone", contentType: "video/mp4", name: "gone.mp4")
                return try await FileResponse.make(for: web, file: file)
            }
        }) { port, _ in
            try await Wire.connect(port) { wire in
                try await wire.send(([request + " HTTP/1.1", "Host: localhost"] + lines).joined(separator: "\r\n"))
                return try await wire.answer(hasBody: !request.hasPrefix("HEAD"))
            }
        }
    }

    @Test("the whole file has its length, its tag and Accept-Ranges")
    func whole() async throws {
        let answer = try await ask("GET /clip.mp4")
        #expect(answer.status == 200)
        #expect(answer.body == Self.bytes)
        #expect(answer["accept-ranges"] == "bytes")
        #expect(answer["etag"] == "\"\(Self.hash)\"")
        #expect(answer["content-type"] == "video/mp4")
        #expect(answer["transfer-encoding"] == nil)
    }

    @Test(
        "ranges of a file into which bytes are inserted count these",
        arguments: [0..<1, 999..<1001, 1002..<1004, 990..<1020, 1004..<1006, 1_399_990..<1_400_005, 0..<1_400_005])
    func inserted(range: Range<Int>) async throws {
        let insertion = ServedFile.Insertion(offset: 1000, bytes: [1, 2, 3, 4, 5], end: 1_400_000)
        let whole = Self.bytes[..<1000] + [1, 2, 3, 4, 5] + Self.bytes[1000..<1_400_000]
        let answer = try await ask(
            "GET /clip.mp4", "Range: bytes=\(range.lowerBound)-\(range.upperBound - 1)", warm: true,
            insertion: insertion)
        #expect(answer.status == 206)
        #expect(answer["content-range"] == "bytes \(range.lowerBound)-\(range.upperBound - 1)/1400005")
        #expect(answer.body == Array(Array(whole)[range]))
        #expect(answer["etag"] == "\"\(Self.hash)-inserted\"")
    }

    @Test("HEAD has GET's fields and no body, and knows no ranges")
    func head() async throws {
        let answer = try await ask("HEAD /clip.mp4", "Range: bytes=0-0")
        #expect(answer.status == 200)
        #expect(answer["content-length"] == "\(Self.bytes.count)")
        #expect(answer["etag"] == "\"\(Self.hash)\"")
    }

    @Test(
        "a range gives these bytes and says which",
        arguments: [
            ("bytes=0-0", 0..<1), ("bytes=1000-", 1000..<1_500_007), ("bytes=-7", 1_500_000..<1_500_007),
            ("bytes=524287-524288", 524287..<524289), ("bytes=5-99999999999999999999", 5..<1_500_007),
            ("bytes=-99999999999999999999", 0..<1_500_007), ("Bytes = 3-4", 3..<5),
        ])
    func part(field: String, range: Range<Int>) async throws {
        let answer = try await ask("GET /clip.mp4", "Range: \(field)")
        #expect(answer.status == 206)
        #expect(answer["content-range"] == "bytes \(range.lowerBound)-\(range.upperBound - 1)/1500007")
        #expect(answer["content-length"] == "\(range.count)")
        #expect(answer.body == Array(Self.bytes[range]))
    }

    @Test(
        "an invalid range, or several ranges, give the whole file",
        arguments: [
            "bytes=5-4", "bytes=-", "bytes=a-b", "items=0-1", "bytes", "bytes=0-1,5-6", "bytes=+1-2", "bytes=1",
        ])
    func ignored(field: String) async throws {
        let answer = try await ask("GET /clip.mp4", "Range: \(field)")
        #expect(answer.status == 200)
        #expect(answer.body.count == Self.bytes.count)
    }

    @Test(
        "a range beyond the end gets 416 with the length",
        arguments: ["bytes=1500007-", "bytes=9999999-99999999", "bytes=-0"])
    func unsatisfiable(field: String) async throws {
        let answer = try await ask("GET /clip.mp4", "Range: \(field)")
        #expect(answer.status == 416)
        #expect(answer["content-range"] == "bytes */1500007")
        #expect(answer["content-type"] == "application/problem+json")
    }

    @Test("If-Range keeps the range only for these very bytes")
    func ifRange() async throws {
        let same = try await ask("GET /clip.mp4", "Range: bytes=0-9", "If-Range: \"\(Self.hash)\"")
        #expect(same.status == 206)
        for other in ["\"other\"", "W/\"\(Self.hash)\"", "Tue, 24 Nov 2026 06:34:22 GMT"] {
            let whole = try await ask("GET /clip.mp4", "Range: bytes=0-9", "If-Range: \(other)")
            #expect(whole.status == 200)
            #expect(whole.body.count == Self.bytes.count)
        }
    }

    @Test("a known tag gets 304, a wrong one in If-Match 412")
    func conditions() async throws {
        let known = try await ask("GET /clip.mp4", "If-None-Match: \"x\", \"\(Self.hash)\"")
        #expect(known.status == 304)
        #expect(known.body.isEmpty)
        #expect(try await ask("GET /clip.mp4", "If-None-Match: *").status == 304)
        #expect(try await ask("GET /clip.mp4", "If-None-Match: \"x\"").status == 200)
        #expect(try await ask("GET /clip.mp4", "If-Match: \"x\"").status == 412)
        #expect(try await ask("GET /clip.mp4", "If-Match: \"\(Self.hash)\"").status == 200)
        #expect(try await ask("GET /clip.mp4", "If-Match: *").status == 200)
    }

    @Test("a weak tag is known to If-None-Match alone")
    func weakTags() async throws {
        let weak = "W/\"\(Self.hash)\""
        #expect(try await ask("GET /clip.mp4", "If-Match: \(weak)").status == 412)
        #expect(try await ask("GET /clip.mp4", "If-Match: \(weak), \"\(Self.hash)\"").status == 200)
        #expect(try await ask("GET /clip.mp4", "If-None-Match: \(weak)").status == 304)
        #expect(try await ask("GET /clip.mp4", "Range: bytes=0-9", "If-Range: \(weak)").status == 200)
    }

    @Test("a file that grows is offered as far as it is durable, and kept by no cache")
    func growing() async throws {
        let answer = try await ask("GET /clip.mp4", growing: true)
        #expect(answer.status == 200)
        #expect(answer.body == Array(Self.bytes[..<1000]))
        #expect(answer["cache-control"] == "no-store")
        #expect(answer["etag"] == "\"one-1000\"")
        let beyond = try await ask("GET /clip.mp4", "Range: bytes=1000-", growing: true)
        #expect(beyond.status == 416)
        #expect(beyond["content-range"] == "bytes */1000")
    }

    @Test("a file that was served a moment ago gives the same bytes, long and short")
    func warm() async throws {
        #expect(try await ask("GET /clip.mp4", warm: true).body == Self.bytes)
        let part = try await ask("GET /clip.mp4", "Range: bytes=100-65635", warm: true)
        #expect(part.status == 206)
        #expect(part.body == Array(Self.bytes[100..<65636]))
    }

    @Test("a file that went away is a 404")
    func gone() async throws {
        #expect(try await ask("GET /gone.mp4").status == 404)
    }

    @Test("a client that disconnects in the middle does not affect the next")
    func leaving() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try Data(Self.bytes + Self.bytes + Self.bytes + Self.bytes).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await withServer(routes: { routes in
            routes.get("/clip.mp4", needs: .everyone) { web in
                try await FileResponse.make(
                    for: web,
                    file: .growing(
                        path: path, durable: 6_000_028, identity: "x", contentType: "video/mp4", name: "x.mp4"))
            }
        }) { port, _ in
            for _ in 0..<8 {
                try await Wire.connect(port) { wire in
                    try await wire.send("GET /clip.mp4 HTTP/1.1", "Host: localhost")
                    _ = try await wire.read(100)
                }
            }
            let answer = try await Wire.connect(port) { wire in
                try await wire.send("GET /clip.mp4 HTTP/1.1", "Host: localhost", "Range: bytes=-1")
                return try await wire.answer()
            }
            #expect(answer.status == 206)
        }
    }
}
