import Foundation
import GuardianCore
import GuardianHTTP
import GuardianJournal
import GuardianNode
import GuardianOperations
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

@Suite("Node API")
struct NodeRouteSerialTests {
    /// A node that has stored an edge's entries, over real files.
    private final class Fixture: Sendable {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        let tenants: Tenants
        let edge: Journal
        let camera = CameraID.v7(at: Timestamp(milliseconds: 1_790_000_000_000))
        let start = Timestamp(milliseconds: 1_790_000_000_000)

        init() throws {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            tenants = try Tenants(folder: folder.appending(path: "tenants").path)
            edge = try Journal(path: folder.appending(path: "edge.sqlite").path, key: DeviceKey())
        }

        deinit {
            try? edge.close()
            try? tenants.close()
            try? FileManager.default.removeItem(at: folder)
        }

        func event(at seconds: Int64) -> Event {
            let time = start + seconds * 1000
            return Event(
                id: .v7(at: time), camera: camera, label: .person, state: .closed, confidence: 0.9,
                box: Box(x: 0.25, y: 0.25, width: 0.125, height: 0.5), startedAt: time, endedAt: time + 2000,
                snapshot: Snapshot(sha256: .sha256(of: [1]), width: 4, height: 2, at: time))
        }

        /// Appends the event at the edge, and stores its entry at the node.
        func deliver(_ events: [Event]) async throws {
            let judgement = Judgement(software: "test", model: .sha256(of: [1]), thresholds: [:], clock: .unknown)
            let entries = try await edge.append(events.map { .eventOpened($0, judgement) }, at: start)
            let verdicts = try await tenants.localScope().cache.accept(entries, from: edge.deviceKey)
            #expect(verdicts.count == entries.count)
        }

        func test<Value>(_ body: @Sendable (any TestClientProtocol) async throws -> Value) async throws -> Value {
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let server = try NodeAPI.server(
                NodeAPI.Site(metrics: MetricsRegistry()), tenants: tenants,
                address: ListenAddress(host: "127.0.0.1", port: 0), gate: .open, logger: logger)
            return try await server.application.test(.router, body)
        }
    }

    private func get(_ client: any TestClientProtocol, _ uri: String) async throws -> TestResponse {
        try await client.executeRequest(uri: uri, method: .get, headers: [:], body: nil)
    }

    private func json(_ response: TestResponse) throws -> [String: Any] {
        #expect(response.status == .ok)
        return try #require(try JSONSerialization.jsonObject(with: Data(buffer: response.body)) as? [String: Any])
    }

    @Test("delivered events are listed with the edge's JSON, with the camera's UUID for a name and no files")
    func events() async throws {
        let node = try Fixture()
        let events = (0..<3).map { node.event(at: $0 * 60) }
        try await node.deliver(events)
        try await node.test { client in
            let page = try json(try await get(client, "/api/v1/events?limit=2"))
            let items = try #require(page["items"] as? [[String: Any]])
            #expect(items.map { $0["id"] as? String } == [events[2], events[1]].map(\.id.description))
            let cursor = try #require(page["nextCursor"] as? String)
            let rest = try json(try await get(client, "/api/v1/events?limit=2&cursor=\(cursor)"))
            #expect((rest["items"] as? [Any])?.count == 1)
            let item = try #require(items.first)
            #expect(item["camera"] as? String == node.camera.description)
            #expect((item["delivery"] as? [String: Any])?["state"] as? String == "delivered")
            let snapshot = try #require(item["snapshot"] as? [String: Any])
            #expect(snapshot["url"] is NSNull)
            let filtered = try json(try await get(client, "/api/v1/events?camera=\(node.camera)&label=person"))
            #expect((filtered["items"] as? [Any])?.count == 3)
            #expect(try await get(client, "/api/v1/events?camera=front").status == .notFound)
        }
    }

    @Test("one event has its neighbours, and one that is not there is a 404")
    func one() async throws {
        let node = try Fixture()
        let events = (0..<2).map { node.event(at: $0 * 60) }
        try await node.deliver(events)
        try await node.test { client in
            let view = try json(try await get(client, "/api/v1/events/\(events[0].id)"))
            #expect(view["previous"] is NSNull)
            #expect(view["next"] as? String == events[1].id.description)
            let missing = try await get(client, "/api/v1/events/0192f7c0-6c1e-7d3a-9d5b-0f6f2f4f1a2b")
            #expect(missing.status == .notFound)
            #expect(missing.headers[.contentType] == "application/problem+json")
        }
    }

    @Test("density counts the events of each step")
    func density() async throws {
        let node = try Fixture()
        try await node.deliver([0, 1, 100].map(node.event(at:)))
        try await node.test { client in
            let query = "from=\(node.start.rfc3339)&to=\((node.start + 200_000).rfc3339)&step=50"
            let density = try json(try await get(client, "/api/v1/events/density?\(query)"))
            #expect((density["items"] as? [[String: Any]])?.map { $0["count"] as? Int } == [2, 1])
        }
    }

    @Test("the edges are listed with how complete their journals are")
    func edges() async throws {
        let node = try Fixture()
        try await node.deliver([node.event(at: 0), node.event(at: 1)])
        try await node.test { client in
            let response = try await get(client, "/api/v1/edges")
            let page = try JSONDecoder().decode(PageView<EdgeReport>.self, from: Data(buffer: response.body))
            let report = try #require(page.items.first)
            #expect(report.deviceKey == node.edge.deviceKey.text)
            #expect(report.chains.first?.verifiedThrough == 2)
            #expect(!report.connected)
        }
    }

    @Test("the status says that no recorder has connected yet, and what is wrong with one")
    func status() async throws {
        let node = try Fixture()
        try await node.test { client in
            let status = try json(try await get(client, "/api/v1/status"))
            #expect(status["state"] as? String == "starting" && (status["edges"] as? [Any])?.isEmpty == true)
            #expect(status["summary"] as? String == "No recorder has connected yet.")
        }
        try await node.deliver([node.event(at: 0)])
        try await node.test { client in
            let status = try json(try await get(client, "/api/v1/status"))
            #expect(status["state"] as? String == "degraded" && (status["cameras"] as? [Any])?.isEmpty == true)
            #expect(status["summary"] as? String == "The recorder is not connected.")
            let problems = try #require(status["problems"] as? [[String: Any]])
            #expect(problems.map { $0["severity"] as? String } == ["error"])
        }
    }

    @Test("health, metrics and the description are there; an edge's own routes are not")
    func others() async throws {
        try await Fixture().test { client in
            for path in [
                "/healthz", "/readyz", "/metrics", "/api/v1/openapi.yaml", "/api/v1/cameras", "/api/v1/status",
            ] {
                let status = try await get(client, path).status
                #expect(status == .ok)
            }
            for path in ["/api/v1/config", "/api/v1/journal", "/"] {
                let status = try await get(client, path).status
                #expect(status == .notFound)
            }
        }
    }
}
