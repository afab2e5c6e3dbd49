import Foundation
import GuardianCore
import GuardianJournal
import HTTPTypes
import HummingbirdTesting
import Testing

@Suite("Edge API: keeping an event")
struct KeepRouteTests {
    private func visit(_ edge: EdgeFixture, at seconds: Int64 = 0) async throws -> (event: Event, clip: Clip) {
        let clip = try edge.clip(at: seconds, state: .complete, bytes: [1, 2, 3])
        var event = edge.event(at: seconds)
        event.clips = [ClipSpan(clip: clip.id, from: 0, to: 2_000, preRollShort: false)]
        try await edge.open(event)
        event.state = .closed
        try await edge.journal.append([.clipOpened(clip), .clipClosed(clip), .eventClosed(event)], at: edge.start)
        return (event, clip)
    }

    @Test("is shown in the event and in the list, once however often it is asked, and undone")
    func keeps() async throws {
        let edge = try EdgeFixture()
        let (event, _) = try await visit(edge)
        _ = try await visit(edge, at: 60)
        try await edge.test { client in
            func ask(_ method: HTTPRequest.Method) async throws -> Bool? {
                try json(try await client.executeRequest(uri: "/api/v1/events/\(event.id)/keep", method: method))[
                    "kept"]
                    as? Bool
            }
            func listed() async throws -> [String] {
                let page = try json(try await client.get("/api/v1/events?kept=true"))
                return (page["items"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
            }
            let before = edge.journal.position
            let untouched = try await ask(.delete)
            #expect(untouched == false)
            #expect(try await listed().isEmpty)
            #expect(try await ask(.put) == true)
            #expect(try await ask(.put) == true)
            #expect(edge.journal.position == before + 1)
            #expect(try await listed() == [event.id.description])
            #expect(try json(try await client.get("/api/v1/events/\(event.id)"))["kept"] as? Bool == true)
            #expect(try await client.get("/api/v1/events?kept=false").status == .badRequest)
            #expect(try await ask(.delete) == false)
            #expect(try await listed().isEmpty)
        }
    }

    @Test("is refused with a reason when the clip was deleted, by retention or by hand")
    func gone() async throws {
        let edge = try EdgeFixture()
        let (expired, clip) = try await visit(edge)
        try await edge.journal.append(
            [.tombstone(Tombstone(subject: .clip(clip.id), reason: .expired))], at: edge.start)
        let (taken, file) = try await visit(edge, at: 60)
        try FileManager.default.removeItem(at: edge.folder.appending(path: "\(file.id).mp4"))
        try await edge.test { client in
            for (event, words) in [(expired, "was deleted"), (taken, "not on the disk")] {
                let answer = try await client.executeRequest(uri: "/api/v1/events/\(event.id)/keep", method: .put)
                #expect(answer.status == .conflict)
                #expect(try problem(answer).detail.contains(words))
            }
            let unknown = try await client.executeRequest(
                uri: "/api/v1/events/\(EventID.v7(at: edge.start))/keep", method: .put)
            #expect(unknown.status == .notFound)
        }
    }
}
