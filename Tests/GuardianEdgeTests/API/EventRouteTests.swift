import Foundation
import GuardianCore
import GuardianHTTP
import GuardianJournal
import HTTPTypes
import HummingbirdTesting
import Testing

@Suite("Edge API: events")
struct EventRouteTests {
    @Test("events come newest first, in pages that miss nothing and repeat nothing")
    func pages() async throws {
        let edge = try EdgeFixture()
        let events = (0..<7).map { edge.event(at: $0 * 60) }
        for event in events { try await edge.open(event) }
        try await edge.test { client in
            var seen: [String] = []
            var cursor: String?
            repeat {
                let page = try json(
                    try await client.get("/api/v1/events?limit=3" + (cursor.map { "&cursor=\($0)" } ?? "")))
                let items = try #require(page["items"] as? [[String: Any]])
                seen += items.compactMap { $0["id"] as? String }
                cursor = page["nextCursor"] as? String
            } while cursor != nil
            #expect(seen == events.reversed().map(\.id.description))
        }
    }

    @Test("in a list, too, each event names its neighbours", arguments: ["", "&camera=front"])
    func neighboursInLists(filter: String) async throws {
        let edge = try EdgeFixture()
        let events = (0..<6).map { edge.event(at: $0 * 60) }
        for event in events { try await edge.open(event) }
        try await edge.test { client in
            let page = try json(
                try await client.get("/api/v1/events?limit=4&to=\(events[5].startedAt.rfc3339)\(filter)"))
            let items = try #require(page["items"] as? [[String: Any]])
            #expect(items.map { $0["next"] as? String } == events[2...5].reversed().map(\.id.description))
            #expect(items.map { $0["previous"] as? String } == events[0...3].reversed().map(\.id.description))
        }
    }

    @Test("camera, label, from and to narrow the list; from is in, to is out")
    func filters() async throws {
        let edge = try EdgeFixture()
        let events = (0..<4).map { edge.event(at: $0 * 60) }
        for event in events { try await edge.open(event) }
        let from = events[1].startedAt.rfc3339
        let to = events[3].startedAt.rfc3339
        try await edge.test { client in
            func count(_ query: String) async throws -> Int {
                let page = try json(try await client.get("/api/v1/events?\(query)"))
                return try #require(page["items"] as? [Any]).count
            }
            #expect(try await count("from=\(from)&to=\(to)") == 2)
            #expect(try await count("camera=front") == 4)
            #expect(try await count("camera=\(edge.camera)&label=person") == 4)
            #expect(try await count("label=dog") == 0)
            let unknown = try await client.get("/api/v1/events?camera=attic")
            #expect(unknown.status == .notFound)
            #expect(try problem(unknown).code == .notFound)
            let bad = try await client.get("/api/v1/events?cursor=AAAA")
            #expect(bad.status == .badRequest)
        }
    }

    @Test("one event has its alias, neighbours, clips and delivery")
    func one() async throws {
        let edge = try EdgeFixture()
        let clip = try edge.clip(at: 55, state: .complete, bytes: [1, 2, 3])
        var middle = edge.event(at: 60)
        middle.clips = [ClipSpan(clip: clip.id, from: 5000, to: 7000, preRollShort: true)]
        let events = [edge.event(at: 0), middle, edge.event(at: 120)]
        try await edge.journal.append([.clipOpened(clip)], at: edge.start)
        for event in events { try await edge.open(event) }
        let id = events[1].id
        try await edge.test { client in
            let view = try json(try await client.get("/api/v1/events/\(id)"))
            #expect(view["camera"] as? String == "front")
            #expect(view["cameraId"] as? String == edge.camera.description)
            #expect(view["previous"] as? String == events[0].id.description)
            #expect(view["next"] as? String == events[2].id.description)
            #expect(view["startedAt"] as? String == events[1].startedAt.rfc3339)
            let span = try #require((view["clips"] as? [[String: Any]])?.first)
            #expect(span["id"] as? String == clip.id.description)
            #expect(span["from"] as? Int == 5000)
            #expect(span["preRollShort"] as? Bool == true)
            #expect((view["delivery"] as? [String: Any])?["state"] as? String == "waiting")
        }
        let items = try await edge.journal.outbox.next(100, excluding: [])
        try await edge.journal.outbox.acknowledge(items, at: edge.start + 500_000)
        try await edge.test { client in
            let delivery = try #require(
                try json(try await client.get("/api/v1/events/\(id)"))["delivery"] as? [String: Any])
            #expect(delivery["state"] as? String == "delivered")
            #expect(delivery["acknowledgedAt"] as? String == (edge.start + 500_000).rfc3339)
        }
    }

    @Test(
        "an event that is not there is a 404, one that is no UUID a 400", arguments: ["", "/clip.mp4", "/snapshot.jpg"])
    func missing(suffix: String) async throws {
        try await EdgeFixture().test { client in
            let unknown = try await client.get("/api/v1/events/0192f7c0-6c1e-7d3a-9d5b-0f6f2f4f1a2b\(suffix)")
            #expect(unknown.status == .notFound)
            _ = try problem(unknown)
            #expect(try await client.get("/api/v1/events/x\(suffix)").status == .badRequest)
        }
    }

    @Test("density counts the events of each step")
    func density() async throws {
        let edge = try EdgeFixture()
        for seconds in [0, 10, 130] as [Int64] { try await edge.open(edge.event(at: seconds)) }
        try await edge.test { client in
            let query = "from=\(edge.start.rfc3339)&to=\((edge.start + 600_000).rfc3339)&step=60"
            let density = try json(try await client.get("/api/v1/events/density?\(query)"))
            let items = try #require(density["items"] as? [[String: Any]])
            #expect(items.map { $0["count"] as? Int } == [2, 1])
            #expect(items.map { $0["at"] as? String } == [edge.start.rfc3339, (edge.start + 120_000).rfc3339])
            #expect(density["step"] as? Int == 60)
            let long = try json(try await client.get("/api/v1/events/density?from=1970-01-01T00:00:00Z&step=1"))
            #expect(try #require(long["step"] as? Int) > 800_000)
            let none = try json(
                try await client.get("/api/v1/events/density?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z"))
            #expect((none["items"] as? [Any])?.isEmpty == true)
        }
    }
}
