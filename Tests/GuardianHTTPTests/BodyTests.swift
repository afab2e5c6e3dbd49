import Foundation
import GuardianCore
import GuardianHTTP
import GuardianOperations
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

@Suite("Bodies of requests")
struct BodyTests {
    private struct Thing: JSONBody, Encodable {
        static let members = ["name", "count", "tags", "inner"]
        struct Inner: Codable, Sendable { var flag: Bool }

        var name: String
        var count: Int?
        var tags: [String]?
        var inner: Inner?
    }

    private func send(
        _ body: String, type: String? = "application/json"
    ) async throws -> (status: Int, problem: Problem?) {
        let server = try WebServer(
            address: ListenAddress(host: "127.0.0.1", port: 0), gate: .open, metrics: MetricsRegistry(),
            logger: Logger(label: "test")
        ) { routes in
            routes.post("/things", needs: .everyone) { web in try JSON.response(try await web.body(as: Thing.self)) }
        }
        return try await server.application.test(.router) { client in
            var headers = HTTPFields()
            headers[.contentType] = type
            let answer = try await client.execute(
                uri: "/things", method: .post, headers: headers, body: ByteBuffer(string: body))
            let problem = try? JSONDecoder().decode(Problem.self, from: Data(buffer: answer.body))
            return (answer.status.code, problem)
        }
    }

    @Test("are JSON objects of known members")
    func accepted() async throws {
        #expect(try await send(#"{"name": "x"}"#).status == 200)
        #expect(try await send(#"{"name": "x", "inner": {"flag": true}, "tags": ["[[[[[[[[[[[["]}"#).status == 200)
        #expect(try await send(#"{"name": "x"}"#, type: "application/json; charset=utf-8").status == 200)
    }

    @Test("do not take null for a member that was left out")
    func null() async throws {
        for (body, field) in [(#"{"name": "x", "count": null}"#, "count"), (#"{"name": null}"#, "name")] {
            let answer = try await send(body)
            #expect(answer.status == 400)
            #expect(answer.problem?.errors?.map(\.field) == [field])
        }
    }

    @Test(
        "name the member that is wrong",
        arguments: [
            (#"{}"#, "name"), (#"{"name": 1}"#, "name"), (#"{"name": null}"#, "name"),
            (#"{"name": "x", "count": "1"}"#, "count"),
            (#"{"name": "x", "tags": ["a", 2]}"#, "tags.1"), (#"{"name": "x", "inner": {}}"#, "inner.flag"),
            (#"{"name": "x", "nmae": "y"}"#, "nmae"),
        ])
    func refused(body: String, field: String) async throws {
        let answer = try await send(body)
        #expect(answer.status == 400)
        #expect(answer.problem?.errors?.map(\.field) == [field])
        #expect(answer.problem?.errors?.allSatisfy { !$0.detail.isEmpty } == true)
    }

    @Test(
        "are refused when they are no JSON object, or nested too deep",
        arguments: [
            "", "x", "[]", "1", #"{"name": "x""#, #"{"name": "x", "count": 1.5}"#,
            "{\"name\": \(String(repeating: "[", count: 3_000))",
        ])
    func malformed(body: String) async throws {
        let answer = try await send(body)
        #expect(answer.status == 400 && answer.problem?.errors == nil)
    }

    @Test(
        "are refused when they are not declared as JSON",
        arguments: [nil, "text/plain", "application/x-www-form-urlencoded"])
    func undeclared(type: String?) async throws {
        #expect(try await send(#"{"name": "x"}"#, type: type).status == 415)
    }

    @Test("are refused when they are too large")
    func large() async throws {
        let answer = try await send("{\"name\": \"\(String(repeating: "x", count: 70_000))\"}")
        #expect(answer.status == 413)
    }

    @Test("of strangers have 4 KiB")
    func strangers() async throws {
        func body(_ bytes: Int) -> String { "{\"name\": \"\(String(repeating: "x", count: bytes - 12))\"}" }
        #expect(try await send(body(4_096)).status == 200)
        #expect(try await send(body(4_097)).status == 413)
    }
}
