import AsyncHTTPClient
import Foundation
import GuardianCore
import NIOCore
import NIOFoundationCompat

/// A client of the edge's public web API.
struct DemoAPI: Sendable {
    let port: Int
    private let client = HTTPClient.shared

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

    struct SeenEvent: Decodable, Sendable {
        struct Clip: Decodable, Sendable { var state: String }
        struct Delivery: Decodable, Sendable {
            var state: String
            var latencyMs: Int?
        }
        struct Archive: Decodable, Sendable { var state: String }

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
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/api/v1/\(path)")
        do {
            let response = try await client.execute(request, timeout: .seconds(10))
            let body = try await response.body.collect(upTo: 16 << 20)
            guard response.status == .ok else {
                throw GuardianError(.unavailable, "The edge answers \(path) with \(response.status.code).")
            }
            return try JSONDecoder().decode(Answer.self, from: Data(buffer: body))
        } catch let error as GuardianError {
            throw error
        } catch {
            throw GuardianError(.unavailable, "The edge does not answer \(path) yet.", cause: error)
        }
    }
}
