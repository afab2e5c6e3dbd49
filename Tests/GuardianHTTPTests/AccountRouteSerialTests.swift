import Foundation
import GuardianCore
import GuardianHTTP
import GuardianIdentity
import GuardianOperations
import GuardianTestKit
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

@Suite("Logging in over HTTP")
struct AccountRouteSerialTests {
    private let folder = TemporaryFolder()
    private let log = LogBook()
    private let accounts: WebAccounts
    private var files: IdentityFiles { IdentityFiles(folder: folder.url.path) }

    init() async throws {
        accounts = try await WebAccounts.open(
            IdentityFiles(folder: folder.url.path), page: "https://localhost:8480",
            cost: PasswordCost(passes: 1, memory: 8), logger: log.logger)
    }

    private func addRoutes(_ routes: inout Routes) {
        routes.addAccounts(accounts) { CameraNames([:]) }
        routes.stream("/flow", needs: .may(.watchLive)) { web in
            StreamResponse.make(for: web, contentType: "text/plain") { pipe in
                try await pipe.send(ByteBuffer(string: "first"))
                try await Task.sleep(for: .seconds(3600))
            }
        }
    }

    private func test(_ body: @Sendable (Browser) async throws -> Void) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = try WebServer(
            address: ListenAddress(host: "127.0.0.1", port: 0), gate: accounts.gate, metrics: MetricsRegistry(),
            logger: logger, routes: addRoutes)
        try await server.application.test(.router) { try await body(Browser(client: $0)) }
    }

    /// Sends requests as a page does: with the session's cookie and key once it has them.
    private struct Browser: Sendable {
        let client: any TestClientProtocol
        var cookie: String?
        var key: String?
        var token: String?

        func send(_ method: HTTPRequest.Method, _ path: String, _ body: String? = nil) async throws -> TestResponse {
            var headers: HTTPFields = [:]
            if let cookie { headers[.cookie] = "a=b; \(cookie)" }
            if let key, let name = HTTPField.Name("X-Guardian-Request") { headers[name] = key }
            if let token { headers[.authorization] = "Bearer \(token)" }
            if body != nil { headers[.contentType] = "application/json" }
            return try await client.execute(
                uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
        }

        func json(_ response: TestResponse) throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: Data(buffer: response.body)) as? [String: Any])
        }

        /// The browser after a response with another secret of its session, whose key it asks for.
        func goingOn(_ response: TestResponse) async throws -> Browser {
            var browser = self
            browser.cookie = try #require(response.headers[.setCookie]).split(separator: ";").first.map(String.init)
            browser.key = try #require(
                try json(try await browser.send(.get, "/api/v1/session"))["requestKey"] as? String)
            return browser
        }

        /// The browser after a response that logs in.
        func following(_ response: TestResponse) throws -> Browser {
            var browser = self
            let header = try #require(response.headers[.setCookie])
            #expect(
                header.hasPrefix("__Host-guardian=")
                    && header.hasSuffix("; Path=/; Secure; HttpOnly; SameSite=Strict"))
            browser.cookie = header.split(separator: ";").first.map(String.init)
            browser.key = try #require(try json(response)["requestKey"] as? String)
            return browser
        }
    }

    private func secret() throws -> String {
        try String(contentsOfFile: files.setup, encoding: .utf8).trimmingCharacters(in: .newlines)
    }

    /// Sets up the owner Ada.
    private func setUp(_ browser: Browser) async throws -> Browser {
        let body = try #"{"secret": "\#(secret())", "name": "Ada", "password": "the first long password"}"#
        let answer = try await browser.send(.post, "/api/v1/setup", body)
        #expect(answer.status == .ok)
        return try browser.following(answer)
    }

    @Test("begins with the setup link, which is logged once and good once")
    func setup() async throws {
        let link = try "https://localhost:8480/setup#\(secret())"
        #expect(log.text.contains(link))
        try await test { browser in
            #expect(try browser.json(try await browser.send(.get, "/api/v1/setup"))["open"] as? Bool == true)
            #expect(try await browser.send(.get, "/api/v1/session").status == .unauthorized)
            let wrong = try await browser.send(
                .post, "/api/v1/setup", #"{"secret": "x", "name": "Eve", "password": "the first long password"}"#)
            #expect(wrong.status == .unauthorized && wrong.headers[.setCookie] == nil)
            let short = try await browser.send(
                .post, "/api/v1/setup", #"{"secret": "\#(try secret())", "name": "Ada", "password": "short"}"#)
            #expect(short.status == .badRequest)
            let errors = try #require(try browser.json(short)["errors"] as? [[String: String]])
            #expect(errors.first?["field"] == "password")
            let owner = try await setUp(browser)
            let view = try owner.json(try await owner.send(.get, "/api/v1/session"))
            #expect(view["name"] as? String == "Ada" && view["role"] as? String == "owner")
            #expect(try browser.json(try await browser.send(.get, "/api/v1/setup"))["open"] as? Bool == false)
            #expect(!FileManager.default.fileExists(atPath: files.setup))
        }
        let again = LogBook()
        _ = try await WebAccounts.open(files, page: "https://localhost:8480", logger: again.logger)
        #expect(!again.text.contains("/setup#"))
    }

    @Test("answers a wrong name and a wrong password alike, and nothing that changes without the session's key")
    func login() async throws {
        try await test { browser in
            _ = try await setUp(browser)
            func logIn(_ name: String, _ password: String) async throws -> TestResponse {
                try await browser.send(
                    .post, "/api/v1/session", #"{"name": "\#(name)", "password": "\#(password)"}"#)
            }
            var texts: Set<String> = []
            for name in ["Ada", "Nobody"] {
                let answer = try await logIn(name, "a wrong password")
                #expect(answer.status == .unauthorized)
                texts.insert(try #require(try browser.json(answer)["detail"] as? String))
            }
            #expect(texts.count == 1)
            let ada = try browser.following(try await logIn("Ada", "the first long password"))
            #expect(try await ada.send(.get, "/api/v1/users").status == .ok)
            var forged = ada
            forged.key = nil
            #expect(try await forged.send(.delete, "/api/v1/session").status == .forbidden)
            forged.key = "AAAA"
            #expect(try await forged.send(.delete, "/api/v1/session").status == .unauthorized)
            // A request of another site, which has the cookie and no key, is recorded.
            let audit = try ada.json(try await ada.send(.get, "/api/v1/audit"))
            let newest = try #require((audit["items"] as? [[String: Any]])?.first)
            #expect(newest["action"] as? String == "access_refused" && newest["name"] as? String == "Ada")
            #expect((newest["details"] as? [String: String])?["operation"] == "DELETE /api/v1/session")
            let out = try await ada.send(.delete, "/api/v1/session")
            #expect(out.status == .noContent && out.headers[.setCookie]?.contains("Max-Age=0") == true)
            #expect(try await ada.send(.get, "/api/v1/session").status == .unauthorized)
        }
    }

    @Test("lets an owner invite somebody, and take the access away again")
    func people() async throws {
        try await test { browser in
            let ada = try await setUp(browser)
            let made = try await ada.send(.post, "/api/v1/users", #"{"name": "Eve", "role": "member"}"#)
            #expect(made.status == .created)
            let view = try ada.json(made)
            #expect(view["passwordSet"] as? Bool == false)
            let id = try #require(view["id"] as? String)
            let link = try ada.json(try await ada.send(.post, "/api/v1/users/\(id)/link", "{}"))
            let path = try #require(link["path"] as? String)
            #expect(path.hasPrefix("/login#once="))
            let secret = path.dropFirst("/login#once=".count)
            let eve = try browser.following(
                try await browser.send(.post, "/api/v1/session/link", #"{"secret": "\#(secret)"}"#))
            #expect(try await eve.send(.get, "/api/v1/users").status == .forbidden)
            #expect(try await eve.send(.get, "/api/v1/audit").status == .forbidden)
            let new = try await eve.send(
                .put, "/api/v1/session/password", #"{"current": "", "password": "the second long password"}"#)
            let renewed = try browser.following(new)
            #expect(try await eve.send(.get, "/api/v1/session").status == .unauthorized)
            #expect(try await renewed.send(.get, "/api/v1/session").status == .ok)
            #expect(try await ada.send(.put, "/api/v1/users/\(id)", #"{"disabled": true}"#).status == .ok)
            #expect(try await renewed.send(.get, "/api/v1/session").status == .unauthorized)
            let audit = try ada.json(try await ada.send(.get, "/api/v1/audit"))
            let items = try #require(audit["items"] as? [[String: Any]])
            let actions = items.compactMap { $0["action"] as? String }
            #expect(actions.contains("login_link_made") && actions.contains("account_changed"))
            // What Eve was refused is told of her, with what she wanted.
            let refused = items.filter { $0["action"] as? String == "access_refused" }
            #expect(
                refused.compactMap { ($0["details"] as? [String: String])?["operation"] }
                    == ["GET /api/v1/audit", "GET /api/v1/users"])
            #expect(refused.allSatisfy { $0["name"] as? String == "Eve" && $0["by"] as? String == "account" })
        }
    }

    @Test("turns a second factor on after the password, and goes on alone")
    func secondFactor() async throws {
        try await test { browser in
            let ada = try await setUp(browser)
            let other = try browser.following(
                try await browser.send(
                    .post, "/api/v1/session", #"{"name": "Ada", "password": "the first long password"}"#))
            let path = "/api/v1/session/factor"
            for wrong in ["{}", #"{"password": "wrong"}"#] {
                let answer = try await ada.send(.post, path, wrong)
                #expect(answer.status == .forbidden)
                let errors = try #require(try ada.json(answer)["errors"] as? [[String: String]])
                #expect(errors.first?["field"] == "password")
            }
            let begun = try ada.json(
                try await ada.send(.post, path, #"{"password": "the first long password"}"#))
            let link = try #require(begun["link"] as? String)
            let key = try #require(link.firstMatch(of: #/secret=([A-Z2-7]{32})/#)?.1)
            let answer = try await ada.send(.put, path, #"{"code": "\#(Self.code(of: key))"}"#)
            #expect(answer.status == .ok)
            let codes = try #require(try ada.json(answer)["recoveryCodes"] as? [String])
            #expect(codes.count == 10)
            for ended in [ada, other] { #expect(try await ended.send(.get, "/api/v1/session").status == .unauthorized) }
            let on = try await ada.goingOn(answer)
            let again = try await on.send(.post, "\(path)/codes", #"{"code": "\#(codes[1])"}"#)
            let newCodes = try #require(try on.json(again)["recoveryCodes"] as? [String])
            #expect(newCodes.count == 10 && Set(newCodes).isDisjoint(with: codes))
            let renewed = try await on.goingOn(again)
            let people = try ada.json(try await renewed.send(.get, "/api/v1/users"))["items"] as? [[String: Any]]
            #expect(people?.first?["recoveryCodesLeft"] as? Int == 10)
            #expect(try await renewed.send(.delete, path, #"{"code": "\#(codes[2])"}"#).status == .forbidden)
            let off = try await renewed.send(.delete, path, #"{"code": "\#(newCodes[0])"}"#)
            #expect(off.status == .noContent)
            #expect(try await renewed.send(.get, "/api/v1/session").status == .unauthorized)
            #expect(try await renewed.goingOn(off).send(.get, "/api/v1/users").status == .ok)
            let audit = try ada.json(try await renewed.goingOn(off).send(.get, "/api/v1/audit"))
            let actions = (audit["items"] as? [[String: Any]])?.compactMap { $0["action"] as? String } ?? []
            #expect(
                actions.filter { $0 != "proof_failed" }.prefix(3)
                    == ["second_factor_off", "recovery_codes_renewed", "second_factor_on"])
            // Wrong passwords are told as such, and not once more as something that Ada may not do.
            #expect(actions.contains("proof_failed") && !actions.contains("access_refused"))
        }
    }

    /// The code that an app shows now for a key in Base32 (RFC 4648, 6).
    private static func code(of key: Substring) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let bits = key.flatMap { digit -> [UInt8] in
            let value = digits.firstIndex(of: digit) ?? 0
            return (0..<5).reversed().map { UInt8(value >> $0 & 1) }
        }
        let bytes = stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | $1 }
        }
        return TimeCode(key: bytes).code(step: TimeCode.step(at: SystemClock().now()))
    }

    @Test("gives programs tokens with a scope, which are shown once")
    func tokens() async throws {
        try await test { browser in
            let ada = try await setUp(browser)
            func refused(_ more: String) async throws -> (HTTPResponse.Status, String?) {
                let answer = try await ada.send(
                    .post, "/api/v1/tokens", #"{"name": "script", "scope": ["own_account"]\#(more)}"#)
                let errors = try ada.json(answer)["errors"] as? [[String: String]]
                return (answer.status, errors?.first?["field"])
            }
            // A stolen session must not make itself a way in that outlasts it.
            for wrong in ["", #", "password": "wrong""#] {
                #expect(try await refused(wrong) == (.forbidden, "password"))
            }
            let password = #", "password": "the first long password""#
            #expect(try await refused(password + #", "endsAt": "2199-01-01T00:00:00Z""#) == (.badRequest, "endsAt"))
            #expect(try await refused(password + #", "endsAt": null"#) == (.badRequest, "endsAt"))
            let answer = try await ada.send(
                .post, "/api/v1/tokens", #"{"name": "script", "scope": ["own_account"]\#(password)}"#)
            let made = try ada.json(answer)
            #expect(answer.status == .created && made["endsAt"] is String)
            var program = browser
            program.token = try #require(made["token"] as? String)
            // A program knows no password; what it makes goes with its token.
            let next = try await program.send(
                .post, "/api/v1/tokens", #"{"name": "next", "scope": ["own_account"]}"#)
            #expect(next.status == .created)
            var child = browser
            child.token = try #require(try ada.json(next)["token"] as? String)
            #expect(try await child.send(.get, "/api/v1/session").status == .ok)
            #expect(try await program.send(.get, "/api/v1/session").status == .ok)
            #expect(try await program.send(.get, "/api/v1/users").status == .forbidden)
            let list = try ada.json(try await ada.send(.get, "/api/v1/tokens"))
            let item = try #require(
                (list["items"] as? [[String: Any]])?.first { $0["name"] as? String == "script" })
            #expect(item["token"] == nil && item["lastUsedAt"] is String)
            let id = try #require(item["id"] as? String)
            #expect(try await ada.send(.delete, "/api/v1/tokens/\(id)").status == .noContent)
            for ended in [program, child] {
                #expect(try await ended.send(.get, "/api/v1/session").status == .unauthorized)
            }
        }
    }

    @Test("ends the tokens of a person who logs out everywhere, and lets programs with root's tokens go on")
    func tokensEnd() async throws {
        try await test { browser in
            let ada = try await setUp(browser)
            let me = try ada.json(try await ada.send(.get, "/api/v1/session"))
            let id = try #require((me["id"] as? String).flatMap(AccountID.init))
            let root = try await accounts.identity.tokens.create(
                TokenRequest(name: "root", scope: [.ownAccount]), for: id, by: .localRoot)
            let made = try ada.json(
                try await ada.send(
                    .post, "/api/v1/tokens",
                    #"{"name": "mine", "scope": ["own_account"], "password": "the first long password"}"#))
            var (mine, roots) = (browser, browser)
            mine.token = try #require(made["token"] as? String)
            roots.token = root.secret.reveal()
            #expect(try await ada.send(.delete, "/api/v1/sessions").status == .noContent)
            #expect(try await mine.send(.get, "/api/v1/session").status == .unauthorized)
            #expect(try await roots.send(.get, "/api/v1/session").status == .ok)
            let endless = try await roots.send(.post, "/api/v1/tokens", #"{"name": "t", "scope": ["own_account"]}"#)
            let view = try ada.json(endless)
            #expect(endless.status == .created && view["endsAt"] is NSNull)
        }
    }

    @Test("ends a stream when another process revokes the session")
    func revoked() async throws {
        let owner = try await accounts.identity.accounts.create(
            NewAccount(name: "Ada", password: nil, role: .owner), by: .localRoot)
        let link = try await accounts.identity.links.make(for: owner.id, by: .localRoot)
        let session = try await accounts.identity.links.redeem(
            link.secret, isRemembered: false, from: RequestOrigin(address: "127.0.0.1"))
        let other = try await Identity.open(path: files.database)
        let running = Task { try await accounts.identity.run() }
        defer { running.cancel() }
        try await withServer(gate: accounts.gate, routes: addRoutes) { port, _ in
            try await Wire.connect(port) { wire in
                try await wire.send(
                    "GET /flow HTTP/1.1", "Host: localhost", "Cookie: __Host-guardian=\(session.secret.reveal())")
                _ = try #require(try await wire.read(through: "first"))
                try await other.sessions.revokeAll(of: owner.id, by: .localRoot)
                _ = try #require(try await wire.read(through: "0\r\n\r\n"))
            }
        }
    }

    @Test("shows metrics to this machine, unless it forwards somebody else's request")
    func metrics() async throws {
        try await withServer(gate: accounts.gate, routes: addRoutes) { port, _ in
            for (host, header, status) in [
                ("localhost", "Accept: */*", 200), ("127.0.0.1:8480", "Accept: */*", 200),
                ("[::1]", "Accept: */*", 200),
                ("localhost", "X-Forwarded-For: 192.0.2.1", 401), ("localhost", "Via: 1.1 a", 401),
                ("localhost", "X-Forwarded-Proto: https", 401), ("guardian.local", "Accept: */*", 401),
                ("192.168.1.20", "Accept: */*", 401),
            ] {
                let answered = try await metricsStatus(port, host, header)
                #expect(answered == status, "\(host) \(header)")
            }
        }
    }

    private func metricsStatus(_ port: Int, _ host: String, _ header: String) async throws -> Int {
        try await Wire.connect(port) { wire in
            try await wire.send("GET /metrics HTTP/1.1", "Host: \(host)", header)
            return try await wire.answer().status
        }
    }

    @Test("shows metrics to nobody without a token when the owner wants so, nor to a configured proxy")
    func metricsByToken() async throws {
        let local = try String(contentsOfFile: files.localToken, encoding: .utf8).trimmingCharacters(in: .newlines)
        for access in [
            WebAccessConfiguration(proxies: .none, metrics: .token),
            WebAccessConfiguration(proxies: try WebProxies(["127.0.0.1"]), metrics: .local),
        ] {
            try await withServer(gate: accounts.gate, access: access, routes: addRoutes) { port, _ in
                let without = try await metricsStatus(port, "localhost", "Accept: */*")
                let with = try await metricsStatus(port, "localhost", "Authorization: Bearer \(local)")
                #expect(without == 401 && with == 200)
            }
        }
    }

    @Test("takes a client's address from a configured proxy only")
    func forwardedAddress() async throws {
        func address(_ proxies: WebProxies, _ header: String) async throws -> String {
            let access = WebAccessConfiguration(proxies: proxies, metrics: .local)
            return try await withServer(
                gate: accounts.gate, access: access,
                routes: { routes in
                    routes.get("/me", needs: .everyone) { try JSON.response([$0.caller.origin.address.text]) }
                }
            ) { port, _ in
                try await Wire.connect(port) { wire in
                    try await wire.send("GET /me HTTP/1.1", "Host: localhost", header)
                    return try await wire.answer().text
                }
            }
        }
        let forged = "X-Forwarded-For: 198.51.100.1, 203.0.113.7"
        let (direct, proxied) = (
            try await address(.none, forged), try await address(WebProxies(["127.0.0.0/8"]), forged)
        )
        #expect(direct == #"["127.0.0.1"]"# && proxied == #"["203.0.113.7"]"#)
    }

    @Test("wrong passwords are counted together at a server with one realm, whatever realm they name")
    func oneRealm() async throws {
        try await test { browser in
            var details: [String] = []
            for number in 0..<8 {
                var headers: HTTPFields = [.contentType: "application/json"]
                if let name = HTTPField.Name("X-Guardian-Tenant") { headers[name] = "tenant-\(number)" }
                let answer = try await browser.client.execute(
                    uri: "/api/v1/session", method: .post, headers: headers,
                    body: ByteBuffer(string: #"{"name": "Eve", "password": "a wrong password"}"#))
                details.append(try #require(try browser.json(answer)["detail"] as? String))
            }
            #expect(details.contains { $0.hasPrefix("Too many attempts failed") })
        }
    }
}
