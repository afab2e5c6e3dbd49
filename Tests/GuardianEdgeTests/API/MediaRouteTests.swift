import Foundation
import GuardianCore
import GuardianHTTP
import GuardianJournal
import HTTPTypes
import HummingbirdTesting
import Testing

@Suite("Edge API: clips and pictures")
struct MediaRouteTests {
    @Test("an event's clip is served whole and in ranges, with its SHA-256 as tag")
    func complete() async throws {
        let edge = try EdgeFixture()
        let bytes = (0..<4000).map { UInt8(truncatingIfNeeded: $0) }
        let clip = try edge.clip(at: 0, state: .complete, bytes: bytes)
        var event = edge.event(at: 5)
        event.clips = [ClipSpan(clip: clip.id, from: 5000, to: 7000, preRollShort: false)]
        try await edge.journal.append([.clipOpened(clip), .clipClosed(clip)], at: edge.start)
        try await edge.open(event)
        let id = event.id
        try await edge.test { client in
            for path in ["/api/v1/events/\(id)/clip.mp4", "/api/v1/clips/\(clip.id).mp4"] {
                let whole = try await client.get(path)
                #expect(whole.status == .ok)
                #expect(whole.headers[.contentType] == "video/mp4")
                #expect(whole.headers[.eTag] == "\"\(Hash256.sha256(of: bytes).hex)\"")
                #expect(Array(whole.body.readableBytesView) == bytes)
                let part = try await client.get(path, headers: [.range: "bytes=10-19"])
                #expect(part.status == .partialContent)
                #expect(part.headers[.contentRange] == "bytes 10-19/4000")
                #expect(Array(part.body.readableBytesView) == Array(bytes[10..<20]))
                let head = try await client.executeRequest(uri: path, method: .head, headers: [:], body: nil)
                #expect(head.headers[.contentLength] == "4000")
                #expect(try await client.get(path, headers: [.range: "bytes=4000-"]).status == .rangeNotSatisfiable)
            }
        }
    }

    @Test("clips are listed with their kind, whether or not they belong to an event")
    func list() async throws {
        let edge = try EdgeFixture()
        let old = try edge.clip(at: 0, state: .complete, bytes: [1])
        let new = try edge.clip(
            at: 60, state: .recording, bytes: [UInt8](repeating: 7, count: 1234), kind: .continuous)
        try await edge.journal.append([.clipClosed(old), .clipOpened(new)], at: edge.start)
        try await edge.test { client in
            func page(_ query: String) async throws -> (ids: [String], first: [String: Any], cursor: String?) {
                let answer = try json(try await client.get("/api/v1/clips?\(query)"))
                let items = try #require(answer["items"] as? [[String: Any]])
                return (items.compactMap { $0["id"] as? String }, items.first ?? [:], answer["nextCursor"] as? String)
            }
            let newest = try await page("limit=1")
            #expect(newest.ids == [new.id.description] && newest.first["kind"] as? String == "continuous")
            #expect(newest.first["size"] as? Int == 1234 && newest.first["camera"] as? String == "front")
            let rest = try await page("limit=1&cursor=\(try #require(newest.cursor))")
            #expect(rest.ids == [old.id.description] && rest.cursor == nil)
            #expect(try await page("kind=continuous").ids == [new.id.description])
            #expect(try await client.get("/api/v1/clips?kind=all").status == .badRequest)
        }
    }

    @Test("a clip that is being recorded is served as far as it is durable, under a tag of its length")
    func recording() async throws {
        let edge = try EdgeFixture()
        let clip = try edge.clip(at: 0, state: .recording, bytes: [UInt8](repeating: 7, count: 1234))
        try await edge.journal.append([.clipOpened(clip)], at: edge.start)
        try await edge.test { client in
            let answer = try await client.get("/api/v1/clips/\(clip.id).mp4")
            #expect(answer.status == .ok)
            #expect(answer.headers[.contentLength] == "1234")
            #expect(answer.headers[.eTag] == "\"\(clip.id)-1234\"")
            #expect(answer.headers[.cacheControl] == "no-store")
            #expect(try await client.get("/api/v1/clips/\(clip.id).mp4?index=true").status == .conflict)
        }
    }

    @Test("a complete clip that has no index is served as it is when an index is asked for")
    func unindexed() async throws {
        let edge = try EdgeFixture()
        let clip = try edge.clip(at: 0, state: .complete, bytes: [1, 2, 3])
        try await edge.journal.append([.clipOpened(clip), .clipClosed(clip)], at: edge.start)
        try await edge.test { client in
            let answer = try await client.get("/api/v1/clips/\(clip.id).mp4?index=true")
            #expect(Array(answer.body.readableBytesView) == [1, 2, 3])
            #expect(try await client.get("/api/v1/clips/\(clip.id).mp4?index=1").status == .badRequest)
        }
    }

    @Test("a clip whose file was deleted is a 404 that says so", arguments: [nil, .age] as [Tombstone.Cause?])
    func removed(cause: Tombstone.Cause?) async throws {
        let edge = try EdgeFixture()
        let clip = try edge.clip(at: 0, state: .complete, bytes: [1])
        try await edge.journal.append(
            [
                .clipOpened(clip), .clipClosed(clip),
                .tombstone(
                    Tombstone(subject: .clip(clip.id), reason: .expired, cause: cause, sha256: clip.sha256)),
            ], at: edge.start)
        try await edge.test { client in
            let answer = try await client.get("/api/v1/clips/\(clip.id).mp4")
            #expect(answer.status == .notFound)
            let detail = try problem(answer).detail
            #expect(detail.contains("deleted") && detail.contains("because of its age") == (cause == .age))
        }
    }

    @Test("an event's picture is a JPEG with its SHA-256 as tag, and 404 while there is none")
    func snapshot() async throws {
        let edge = try EdgeFixture()
        let bytes: [UInt8] = [0xFF, 0xD8, 1, 2, 0xFF, 0xD9]
        var event = edge.event(at: 5)
        try await edge.open(event)
        event.snapshot = Snapshot(sha256: .sha256(of: bytes), width: 4, height: 2, at: event.startedAt)
        let (id, updated) = (event.id, event)
        try Data(bytes).write(to: edge.folder.appending(path: "\(id).jpg"))
        try await edge.test { client in
            #expect(try await client.get("/api/v1/events/\(id)/snapshot.jpg").status == .notFound)
            try await edge.journal.append([.eventUpdated(updated)], at: edge.start)
            let answer = try await client.get("/api/v1/events/\(id)/snapshot.jpg")
            #expect(answer.status == .ok)
            #expect(answer.headers[.contentType] == "image/jpeg")
            #expect(Array(answer.body.readableBytesView) == bytes)
            let tag = try #require(answer.headers[.eTag])
            let again = try await client.get("/api/v1/events/\(id)/snapshot.jpg", headers: [.ifNoneMatch: tag])
            #expect(again.status == .notModified)
        }
    }
}
