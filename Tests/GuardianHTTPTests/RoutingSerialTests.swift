import Foundation
import GuardianCore
import GuardianHTTP
import GuardianOperations
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

/// Runs requests through a server's routes without a socket.
func application(_ routes: (inout Routes) throws -> Void) throws -> some ApplicationProtocol {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return try WebServer(
        address: ListenAddress(host: "127.0.0.1", port: 0), gate: .open, metrics: MetricsRegistry(), logger: logger,
        routes: routes
    ).application
}

func problem(_ response: TestResponse) throws -> Problem {
    #expect(response.headers[.contentType] == "application/problem+json")
    let problem = try JSONDecoder().decode(Problem.self, from: Data(buffer: response.body))
    #expect(problem.status == response.status.code)
    #expect(!problem.detail.isEmpty)
    #expect(problem.type == "about:blank")
    #expect(problem.requestId == response.headers[try #require(HTTPField.Name("X-Request-Id"))])
    return problem
}

@Suite("Routing and problems")
struct RoutingSerialTests {
    private func sampleRoutes(_ routes: inout Routes) {
        routes.get("/things", needs: .everyone, query: ["limit", "from", "to", "camera", "cursor"]) { web in
            _ = try web.query.span()
            _ = try web.query.alias()
            _ = try web.query.cursor()
            return try JSON.response(["limit": try web.query.limit()])
        }
        routes.get("/things/special", needs: .everyone) { _ in try JSON.response("special") }
        routes.get("/things/{id}.txt", needs: .everyone) { web in
            try JSON.response(try web.identifier("id", of: EventKind.self, called: "A thing").description)
        }
        routes.stream("/flow", needs: .everyone) { _ in try JSON.response("flow") }
        routes.get("/fails/{code}", needs: .everyone) { web in
            let code = try #require(GuardianError.Code(rawValue: try web.path("code")))
            throw GuardianError(code, "Said so.")
        }
        routes.get("/breaks", needs: .everyone) { _ in throw CocoaError(.fileNoSuchFile) }
    }

    @Test("an unknown path is a problem with 404 that says where the description is")
    func notFound() async throws {
        try await application(sampleRoutes).test(.router) { client in
            let response = try await client.executeRequest(uri: "/nothing", method: .get, headers: [:], body: nil)
            #expect(response.status == .notFound)
            let problem = try problem(response)
            #expect(problem.code == .notFound)
            #expect(problem.detail.contains("/nothing"))
        }
    }

    @Test(
        "another method of a known path gets 405 with Allow",
        arguments: ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
    func methodNotAllowed(method: String) async throws {
        let method = try #require(HTTPRequest.Method(method))
        try await application(sampleRoutes).test(.router) { client in
            let response = try await client.executeRequest(uri: "/things", method: method, headers: [:], body: nil)
            #expect(response.status == .methodNotAllowed)
            #expect(response.headers[.allow] == "GET, HEAD")
            _ = try problem(response)
        }
    }

    @Test("a fixed path goes before one with a placeholder, and HEAD has GET's fields without its body")
    func fixedFirst() async throws {
        try await application(sampleRoutes).test(.router) { client in
            let get = try await client.executeRequest(uri: "/things/special", method: .get, headers: [:], body: nil)
            #expect(String(buffer: get.body) == "\"special\"")
            let head = try await client.executeRequest(uri: "/things/special", method: .head, headers: [:], body: nil)
            #expect(head.status == .ok)
            #expect(head.headers[.contentLength] == "9")
            #expect(head.body.readableBytes == 0)
            let stream = try await client.executeRequest(uri: "/flow", method: .head, headers: [:], body: nil)
            #expect(stream.status == .ok)
            #expect(stream.body.readableBytes == 0)
        }
    }

    @Test(
        "a query is refused with a sentence when it is not well formed",
        arguments: [
            "limit=0", "limit=201", "limit=-1", "limit=5&limit=6", "limit=1e2", "limit=99999999999999999999", "limit=",
            "form=2026-11-24T06:34:22Z", "from=yesterday", "from=1900-02-29T00:00:00Z", "from=0000-00-01T00:00:00Z",
            "camera=../etc", "camera=", "cursor=%00", "cursor=a%20b", "limit=%zz",
        ])
    func badQuery(query: String) async throws {
        try await application(sampleRoutes).test(.router) { client in
            let response = try await client.executeRequest(
                uri: "/things?\(query)", method: .get, headers: [:], body: nil)
            #expect(response.status == .badRequest)
            #expect(try problem(response).code == .invalidArgument)
        }
    }

    @Test(
        "a well-formed query passes",
        arguments: [
            "", "?", "?limit=200", "?from=0000-02-29T00:00:00Z&to=9999-12-31T23:59:59-12:00",
            "?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
            "?from=2026-11-24T06:34:22Z&to=2026-11-24T07:34:22.5%2B01:00&limit=1&camera=front_1",
        ])
    func goodQuery(query: String) async throws {
        try await application(sampleRoutes).test(.router) { client in
            let response = try await client.executeRequest(
                uri: "/things\(query)", method: .get, headers: [:], body: nil)
            #expect(response.status == .ok)
        }
    }

    @Test("an id in a path is read before its ending, and refused when it is no UUID")
    func pathIdentifier() async throws {
        try await application(sampleRoutes).test(.router) { client in
            let id = "0192F7C0-6C1E-7D3A-9D5B-0F6F2F4F1A2B"
            let good = try await client.executeRequest(uri: "/things/\(id).txt", method: .get, headers: [:], body: nil)
            #expect(String(buffer: good.body) == "\"\(id.lowercased())\"")
            let bad = try await client.executeRequest(uri: "/things/x.txt", method: .get, headers: [:], body: nil)
            #expect(try problem(bad).status == 400)
        }
    }

    @Test("every code has its status", arguments: GuardianError.Code.allCases)
    func statuses(code: GuardianError.Code) async throws {
        try await application(sampleRoutes).test(.router) { client in
            let response = try await client.executeRequest(
                uri: "/fails/\(code.rawValue)", method: .get, headers: [:], body: nil)
            let problem = try problem(response)
            #expect(response.status == code.httpStatus)
            #expect(problem.code == code)
            #expect(problem.detail == "Said so.")
        }
    }

    @Test("an unexpected error is a 500 that reveals nothing of its cause")
    func unforeseen() async throws {
        try await application(sampleRoutes).test(.router) { client in
            let response = try await client.executeRequest(uri: "/breaks", method: .get, headers: [:], body: nil)
            let problem = try problem(response)
            #expect(problem.status == 500)
            #expect(!problem.detail.contains("Cocoa"))
        }
    }

    @Test("a body larger than any route takes is refused before it is read")
    func largeBody() async throws {
        try await withServer(routes: sampleRoutes) { port, _ in
            let answer = try await Wire.connect(port) { wire in
                try await wire.send("POST /things HTTP/1.1", "Host: localhost", "Content-Length: 70000")
                return try await wire.answer()
            }
            #expect([405, 413].contains(answer.status))
            let get = try await Wire.connect(port) { wire in
                try await wire.send("GET /things HTTP/1.1", "Host: localhost", "Content-Length: 70000")
                return try await wire.answer()
            }
            #expect(get.status == 413)
            #expect(get["content-type"] == "application/problem+json")
        }
    }

    @Test("requests are counted by route, not by path")
    func metrics() async throws {
        let metrics = MetricsRegistry()
        try await withServer(metrics: metrics, routes: sampleRoutes) { port, _ in
            try await Wire.connect(port) { wire in
                try await wire.send("GET /things HTTP/1.1", "Host: localhost")
                _ = try await wire.answer()
                try await wire.send("GET /metrics HTTP/1.1", "Host: localhost")
                let answer = try await wire.answer()
                #expect(answer.text.contains("guardian_http_requests_total{route=\"/things\",status=\"200\"} 1"))
                #expect(answer["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
            }
        }
    }
}
