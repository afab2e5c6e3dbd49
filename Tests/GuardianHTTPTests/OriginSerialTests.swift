import GuardianCore
import GuardianHTTP
import Testing

@Suite("Allowed hosts and origins")
struct OriginSerialTests {
    private func ask(_ lines: [String]) async throws -> Answer {
        try await withServer(routes: { routes in
            routes.get("/api/v1/thing", needs: .everyone) { _ in try JSON.response("thing") }
            routes.get("/page", needs: .everyone) { _ in try JSON.response("page") }
        }) { port, _ in
            try await Wire.connect(port) { wire in
                let text = lines.joined(separator: "\r\n").replacing("PORT", with: "\(port)")
                try await wire.send(text)
                return try await wire.answer()
            }
        }
    }

    @Test(
        "this machine's own names are accepted",
        arguments: [
            "localhost:PORT", "127.0.0.1:PORT", "[::1]:PORT", "LOCALHOST", "guardian.local", "192.168.1.20", "[::2]",
        ])
    func ownNames(host: String) async throws {
        let answer = try await ask([
            "GET /api/v1/thing HTTP/1.1", "Host: \(host)", "Origin: http://\(host)", "Sec-Fetch-Site: same-origin",
        ])
        #expect(answer.status == 200)
    }

    @Test(
        "a name that foreign DNS points here is refused",
        arguments: [
            "evil.example", "evil.example:PORT", "localhost.evil.example", "127.0.0.1.evil.example:80", "[::2%25lo]",
            "localhost:x", "", "[::1",
        ])
    func foreignHost(host: String) async throws {
        let answer = try await ask(["GET /api/v1/thing HTTP/1.1", "Host: \(host)"])
        #expect(answer.status == 403)
        #expect(answer["content-type"] == "application/problem+json")
    }

    @Test(
        "the host of an absolute target goes before the Host header",
        arguments: [
            ("http://evil.example/api/v1/thing", "localhost", 403), ("http://localhost/api/v1/thing", "localhost", 200),
            ("http://localhost/api/v1/thing", "evil.example", 200), ("http://evil@localhost/page", "localhost", 403),
            ("HTTP://127.0.0.1:PORT/api/v1/thing?", "localhost", 200), ("http://evil.example?/", "localhost", 403),
            ("https://evil.example/api/v1/thing", "localhost:PORT", 403), ("http:///api/v1/thing", "localhost", 403),
        ])
    func absoluteTarget(target: String, host: String, status: Int) async throws {
        #expect(try await ask(["GET \(target) HTTP/1.1", "Host: \(host)"]).status == status)
        let two = ["GET \(target) HTTP/1.1", "Host: \(host)", "Host: \(host)"]
        #expect(try await ask(two).status == 400)
        #expect(try await ask(["GET \(target) HTTP/1.1"]).status == 400)
    }

    @Test(
        "a proxy that serves it below a path is told to use a host name",
        arguments: [("/guardian", 403), ("guardian/", 403), ("/, /a", 403), ("/", 200), ("", 200)])
    func prefix(value: String, status: Int) async throws {
        for path in ["/page", "/api/v1/thing"] {
            let answer = try await ask([
                "GET \(path) HTTP/1.1", "Host: localhost", "X-Forwarded-Prefix: \(value)",
            ])
            #expect(answer.status == status)
            guard status != 200 else { continue }
            #expect(answer["content-type"] == "application/problem+json")
            #expect(String(decoding: answer.body, as: UTF8.self).contains("host name of its own"))
        }
    }

    @Test("no Host and two Hosts are refused")
    func hostCount() async throws {
        #expect(try await ask(["GET /api/v1/thing HTTP/1.1"]).status == 400)
        #expect(try await ask(["GET /api/v1/thing HTTP/1.1", "Host: localhost", "Host: evil.example"]).status == 400)
    }

    @Test(
        "another origin is refused, even another port of this machine",
        arguments: ["http://evil.example", "https://localhost:PORT", "http://localhost:1", "null"])
    func foreignOrigin(origin: String) async throws {
        let answer = try await ask(["GET /api/v1/thing HTTP/1.1", "Host: localhost:PORT", "Origin: \(origin)"])
        #expect(answer.status == 403)
        #expect(answer["access-control-allow-origin"] == nil)
    }

    @Test(
        "a request that a browser calls cross-site is refused, but a link may open a page",
        arguments: ["cross-site", "same-site"])
    func crossSite(site: String) async throws {
        let host = "Host: localhost:PORT"
        let link = ["Sec-Fetch-Site: \(site)", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"]
        #expect(
            try await ask([
                "GET /api/v1/thing HTTP/1.1", host, "Sec-Fetch-Site: \(site)", "Sec-Fetch-Mode: no-cors",
                "Sec-Fetch-Dest: image",
            ]).status == 403)
        for path in ["/api/v1/thing", "//api/v1/thing", "/api//v1/thing", "http://localhost//api/v1/thing"] {
            #expect(try await ask(["GET \(path) HTTP/1.1", "Host: localhost"] + link).status == 403)
        }
        #expect(try await ask(["GET /page HTTP/1.1", host] + link).status == 200)
    }

    @Test("every response has the security headers, problems too", arguments: ["/page", "/nothing"])
    func securityHeaders(path: String) async throws {
        let answer = try await ask(["GET \(path) HTTP/1.1", "Host: localhost"])
        let policy = try #require(answer["content-security-policy"])
        #expect(policy.contains("default-src 'none'"))
        #expect(policy.contains("media-src 'self' blob:"))
        #expect(!policy.contains("unsafe"))
        #expect(answer["x-content-type-options"] == "nosniff")
        #expect(answer["referrer-policy"] == "no-referrer")
        #expect(answer["cross-origin-resource-policy"] == "same-origin")
        #expect(answer["x-request-id"]?.count == 16)
    }

    @Test("a server listens on addresses, and on no name but localhost")
    func listenAddress() throws {
        for host in ["127.0.0.1", "localhost", "::1", "0.0.0.0", "::", "192.168.1.10", "fd00::1", "fe80::1%eth0"] {
            #expect(try ListenAddress(host: host, port: 8480).host == host)
        }
        for host in ["example.org", "", "1.2.3", "::1%lo", "[::1]", "*"] {
            let error = try #require(throws: GuardianError.self) { _ = try ListenAddress(host: host, port: 8480) }
            #expect(error.code == .invalidArgument)
        }
        #expect(throws: GuardianError.self) { _ = try ListenAddress(host: "127.0.0.1", port: 70000) }
    }
}
