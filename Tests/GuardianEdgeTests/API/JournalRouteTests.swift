import Foundation
import GuardianCore
import GuardianHTTP
import GuardianJournal
import HTTPTypes
import HummingbirdTesting
import Testing

@Suite("Edge API: journal, coverage, operations")
struct JournalRouteTests {
    @Test("the journal is handed out as it was signed, so that anybody can verify it")
    func journal() async throws {
        let edge = try EdgeFixture()
        for seconds in 0..<5 { try await edge.open(edge.event(at: Int64(seconds))) }
        try await edge.test { client in
            let response = try await client.get("/api/v1/journal?after=1&limit=3")
            let page = try JSONDecoder().decode(JournalPage.self, from: Data(buffer: response.body))
            let key = try #require(Data(base64Encoded: page.deviceKey).flatMap { DevicePublicKey(bytes: Array($0)) })
            let chain = try #require(page.chain)
            #expect(page.items.map(\.sequence) == [2, 3, 4])
            for item in page.items {
                let entry = JournalEntry(
                    chain: chain, sequence: item.sequence,
                    payload: Array(try #require(Data(base64Encoded: item.payload))),
                    signature: Array(try #require(Data(base64Encoded: item.signature))))
                #expect(entry.isSigned(by: key))
                #expect(try entry.content().sequence == item.sequence)
            }
            #expect(try await client.get("/api/v1/journal?after=-1").status == .badRequest)
            #expect(try await client.get("/api/v1/journal?chain=x").status == .badRequest)
            let other = try await client.get("/api/v1/journal?chain=0192f7c0-6c1e-7d3a-9d5b-0f6f2f4f1a2b")
            #expect(try JSONDecoder().decode(JournalPage.self, from: Data(buffer: other.body)).items.isEmpty)
        }
    }

    @Test("a gap in coverage has its camera, its times and its reason")
    func coverage() async throws {
        let edge = try EdgeFixture()
        let start = edge.start
        try await edge.journal.append(
            [
                .coverage(Coverage(change: .started, camera: nil, at: start)),
                .coverage(Coverage(change: .cameraLost, camera: edge.camera, at: start + 10_000, reason: "No route.")),
                .coverage(Coverage(change: .cameraBack, camera: edge.camera, at: start + 70_000)),
            ], at: start)
        try await edge.test { client in
            let query = "camera=front&from=\(start.rfc3339)&to=\((start + 600_000).rfc3339)"
            let page = try json(try await client.get("/api/v1/coverage?\(query)"))
            let gap = try #require((page["items"] as? [[String: Any]])?.first)
            #expect(gap["camera"] as? String == "front")
            #expect(gap["from"] as? String == (start + 10_000).rfc3339)
            #expect(gap["to"] as? String == (start + 70_000).rfc3339)
            #expect(gap["reason"] as? String == "camera_lost")
            #expect(gap["text"] as? String == "No route.")
            #expect(page["watchedSince"] is NSNull, "a recorder that started has not looked yet")
        }
    }

    @Test("coverage says since when a camera has been watched: since its first look")
    func watched() async throws {
        let edge = try EdgeFixture()
        let start = edge.start
        func back(_ offset: Int64) -> JournalBody {
            .coverage(Coverage(change: .watchBack, camera: edge.camera, at: start + offset))
        }
        try await edge.journal.append(
            [
                .coverage(Coverage(change: .started, camera: nil, at: start)), back(3_000),
                .coverage(Coverage(change: .watchLost, camera: edge.camera, at: start + 5_000)), back(9_000),
            ], at: start)
        try await edge.test { client in
            for query in ["", "?camera=front"] {
                let page = try json(try await client.get("/api/v1/coverage\(query)"))
                #expect(page["watchedSince"] as? String == (start + 3_000).rfc3339)
            }
        }
        let catalogue = edge.journal.catalogue
        #expect(try await catalogue.watchedSince([]) == nil)
        #expect(try await catalogue.watchedSince([edge.camera, CameraID(UUID())]) == nil)
    }

    @Test("a failing component is reported as a problem, and unknown routes are 404")
    func others() async throws {
        try await EdgeFixture().test { client in
            #expect(try await client.get("/healthz").status == .ok)
            #expect(try await client.get("/readyz").status == .ok)
            #expect(try await client.get("/metrics").status == .ok)
            #expect(try problem(try await client.get("/api/v1/status")).status == 503)
            for path in ["/api/v1/weather", "/api/v1/configuration", "/api/v1"] {
                #expect(try problem(try await client.get(path)).status == 404)
            }
            let post = try await client.executeRequest(uri: "/api/v1/events", method: .post, headers: [:], body: nil)
            #expect(post.status == .methodNotAllowed)
            #expect(String(buffer: try await client.get("/api/v1/openapi.yaml").body).contains("/api/v1/live"))
        }
    }
}
