import GuardianHTTP
import Testing

@Suite("Broken and last messages on a socket")
struct MessageBoundsSerialTests {
    private struct Body: JSONBody {
        static let members = ["text"]
        var text: String
    }

    /// Sends text and returns everything that is answered until the server closes.
    private func answers(to text: String) async throws -> String {
        try await withServer(routes: { routes in
            routes.post("/text", needs: .everyone) { web in try JSON.response(try await web.body(as: Body.self).text) }
            routes.get("/thing", needs: .everyone) { _ in try JSON.response("thing") }
        }) { port, _ in
            try await Wire.connect(port) { wire in
                // `send` ends it with an empty line.
                try await wire.send(text)
                return String(decoding: try await wire.readToEnd(), as: UTF8.self)
            }
        }
    }

    private func statuses(_ text: String) -> [Substring] {
        text.split(separator: "HTTP/1.1 ").map { $0.prefix(3) }
    }

    @Test(
        "a body with broken chunks has one answer, whether the route reads it or not, and nothing behind it is read",
        arguments: ["\r\n{}\r\n0", "1\r\n{}\r\n0", "x\r\n{}\r\n0"])
    func brokenChunks(body: String) async throws {
        let rest = "Host: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n\(body)"
        let hidden = "\r\n\r\nGET /thing HTTP/1.1\r\nHost: localhost"
        let read = try await answers(to: "POST /text HTTP/1.1\r\n\(rest)\(hidden)")
        #expect(statuses(read) == ["400"] && read.contains("application/problem+json") && read.contains("close"))
        #expect(statuses(try await answers(to: "GET /thing HTTP/1.1\r\n\(rest)\(hidden)")) == ["200"])
    }

    @Test("an unknown coding is refused before the route")
    func unknownCoding() async throws {
        let answer = try await answers(to: "GET /thing HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip")
        #expect(statuses(answer) == ["400"] && !answer.contains("thing"))
    }

    @Test(
        "the connection ends with the answer to its last request",
        arguments: ["HTTP/1.0", "HTTP/1.1\r\nConnection: Close", "HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: h2c"])
    func last(line: String) async throws {
        let answer = try await answers(to: "GET /thing \(line)\r\nHost: localhost")
        #expect(statuses(answer) == ["200"] && answer.contains("thing"))
    }
}
