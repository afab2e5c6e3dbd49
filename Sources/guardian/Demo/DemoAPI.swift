import GuardianCore
import NIOCore

/// A client of the edge's public web API.
struct DemoAPI: Sendable {
    private let client: APIClient

    init(_ server: ServerAddress) { client = APIClient(server) }

    struct Status: Decodable, Sendable {
        struct Camera: Decodable, Sendable {
            var id: String
            var state: String
        }
        struct Node: Decodable, Sendable {
            var connected: Bool
            var waiting: Int
        }
        struct Inference: Decodable, Sendable { var state: String }

        var summary: String
        var cameras: [Camera]
        var node: Node
        var inference: Inference

        var isUp: Bool { cameras.allSatisfy { $0.state == "live" } && node.connected && inference.state == "up" }
    }

    struct SeenEvent: Decodable, Hashable, Sendable {
        struct Clip: Decodable, Hashable, Sendable { var state: String }
        struct Delivery: Decodable, Hashable, Sendable {
            var state: String
            var latencyMs: Int?
        }
        struct Archive: Decodable, Hashable, Sendable { var state: String }

        var id: String
        var camera: String
        var label: String
        var state: String
        var startedAt: String
        var clips: [Clip]
        var delivery: Delivery
        var archive: Archive
    }

    private struct Page: Decodable {
        var items: [SeenEvent]
        var nextCursor: String?
    }

    func status() async throws -> Status { try await get("status") }

    /// Returns all events that began at `from` or later, newest first.
    func events(from: Timestamp) async throws -> [SeenEvent] {
        var events: [SeenEvent] = []
        var cursor = ""
        while true {
            let page: Page = try await get("events?limit=200&from=\(from.rfc3339)\(cursor)")
            events += page.items
            guard let next = page.nextCursor else { return events }
            cursor = "&cursor=\(next)"
        }
    }

    private func get<Answer: Decodable>(_ path: String) async throws -> Answer {
        try await client.get("/api/v1/\(path)", timeout: .seconds(10))
    }
}
