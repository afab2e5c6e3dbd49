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

@Suite("Passkeys over HTTP")
struct PasskeyRouteSerialTests {
    private let folder = TemporaryFolder()
    private let accounts: WebAccounts

    init() async throws {
        accounts = try await WebAccounts.open(
            IdentityFiles(folder: folder.url.path), page: "https://localhost:8480",
            cost: PasswordCost(passes: 1, memory: 8), logger: LogBook().logger)
    }

    /// Sends requests as a page of the server does.
    private struct Browser: Sendable {
        let client: any TestClientProtocol
        var secret: Secret<String>?

        func send(
            _ method: HTTPRequest.Method, _ path: String, _ body: [String: String]? = nil
        ) async throws -> TestResponse {
            var headers: HTTPFields = [:]
            if let secret, let key = HTTPField.Name("X-Guardian-Request") {
                headers[.cookie] = "__Host-guardian=\(secret.reveal())"
                headers[key] = RequestKey.of(secret)
            }
            if body != nil { headers[.contentType] = "application/json" }
            let bytes = try body.map { ByteBuffer(bytes: try JSONEncoder().encode($0)) }
            return try await client.execute(uri: path, method: method, headers: headers, body: bytes)
        }

        func json(_ response: TestResponse) throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: Data(buffer: response.body)) as? [String: Any])
        }

        /// The browser after an answer with another secret of its session.
        func goingOn(_ response: TestResponse) async throws -> Browser {
            let header = try #require(response.headers[.setCookie])
            #expect(header.hasSuffix("; Path=/; Secure; HttpOnly; SameSite=Strict"))
            var browser = self
            browser.secret = Secret(String(header.dropFirst("__Host-guardian=".count).prefix { $0 != ";" }))
            return browser
        }

        func challenge(_ response: TestResponse) throws -> [UInt8] {
            #expect(response.status == .ok)
            let view = try json(response)
            #expect(view["rpId"] as? String == "localhost" && view["timeout"] as? Int == 300_000)
            let text = try #require(view["challenge"] as? String)
            return try #require(Base64URL.decode(text.utf8))
        }
    }

    /// Runs `body` with a browser in which Ada is logged in, and her account.
    private func test(_ body: @Sendable (_ ada: Browser, _ id: AccountID) async throws -> Void) async throws {
        let owner = try await accounts.identity.accounts.create(
            NewAccount(name: "Ada", password: Secret("the first long password"), role: .owner), by: .localRoot)
        let link = try await accounts.identity.links.make(for: owner.id, by: .localRoot)
        let session = try await accounts.identity.links.redeem(
            link.secret, isRemembered: false, from: RequestOrigin(address: "192.0.2.1"))
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = try WebServer(
            address: ListenAddress(host: "127.0.0.1", port: 0), gate: accounts.gate, metrics: MetricsRegistry(),
            logger: logger
        ) { $0.addAccounts(accounts) { CameraNames([:]) } }
        try await server.application.test(.router) { client in
            try await body(Browser(client: client, secret: session.secret), owner.id)
        }
    }

    @Test("are added with the password, log in without anything, are renamed and removed")
    func life() async throws {
        try await test { ada, id in
            let (path, authenticator) = ("/api/v1/users/\(id)/passkeys", SoftwareAuthenticator())
            #expect(try await ada.send(.post, "\(path)/challenge", ["password": "wrong"]).status == .forbidden)
            let challenge = try ada.challenge(
                try await ada.send(.post, "\(path)/challenge", ["password": "the first long password"]))
            let made = authenticator.made(challenge)
            let added = try await ada.send(
                .post, path,
                [
                    "name": "Phone", "clientDataJSON": Base64URL.encode(made.clientData),
                    "attestationObject": Base64URL.encode(made.attestation),
                ])
            #expect(added.status == .created)
            // The session goes on with another secret.
            #expect(try await ada.send(.get, path).status == .unauthorized)
            let renewed = try await ada.goingOn(added)
            let passkey = try ada.json(added)
            #expect(passkey["host"] as? String == "localhost" && passkey["lastUsedAt"] is NSNull)
            let item = "/api/v1/passkeys/\(try #require(passkey["id"] as? String))"
            #expect(try ada.json(try await renewed.send(.put, item, ["name": "Tablet"]))["name"] as? String == "Tablet")

            let stranger = Browser(client: ada.client)
            let login = try await logIn(stranger, authenticator, as: id)
            #expect(login.status == .ok && login.headers[.setCookie]?.hasPrefix("__Host-guardian=") == true)
            #expect(try stranger.json(login)["name"] as? String == "Ada")
            let list = try ada.json(try await renewed.send(.get, path))
            let items = try #require(list["items"] as? [[String: Any]])
            #expect(items.count == 1 && items.first?["name"] as? String == "Tablet")
            #expect(items.first?["lastUsedAt"] is String)

            #expect(try await renewed.send(.delete, item, ["password": "wrong"]).status == .forbidden)
            #expect(try await renewed.send(.delete, item, [:]).status == .forbidden)
            let removed = try await renewed.send(.delete, item, ["password": "the first long password"])
            #expect(removed.status == .noContent)
            #expect(try await renewed.goingOn(removed).send(.get, path).status == .ok)
            let late = try await logIn(stranger, authenticator, as: id)
            #expect(late.status == .unauthorized && late.headers[.setCookie] == nil)
        }
    }

    private func logIn(
        _ browser: Browser, _ authenticator: SoftwareAuthenticator, as id: AccountID
    ) async throws -> TestResponse {
        let used = try authenticator.used(
            try browser.challenge(try await browser.send(.post, "/api/v1/session/passkey/challenge")))
        return try await browser.send(
            .post, "/api/v1/session/passkey",
            [
                "id": Base64URL.encode(authenticator.credential), "clientDataJSON": Base64URL.encode(used.clientData),
                "authenticatorData": Base64URL.encode(used.authenticatorData),
                "signature": Base64URL.encode(used.signature),
                "userHandle": Base64URL.encode(withUnsafeBytes(of: id.uuid.uuid) { Array($0) }),
            ])
    }

    @Test("need what is well formed, and a session to be listed or made")
    func refused() async throws {
        try await test { ada, id in
            let stranger = Browser(client: ada.client)
            #expect(try await stranger.send(.get, "/api/v1/users/\(id)/passkeys").status == .unauthorized)
            #expect(
                try await stranger.send(.post, "/api/v1/users/\(id)/passkeys/challenge", [:]).status == .unauthorized)
            let broken = try await stranger.send(
                .post, "/api/v1/session/passkey",
                [
                    "id": "AA==", "clientDataJSON": "AA", "authenticatorData": "AA", "signature": "AA",
                    "userHandle": "AA",
                ])
            #expect(broken.status == .badRequest)
            let errors = try #require(try stranger.json(broken)["errors"] as? [[String: String]])
            #expect(errors.first?["field"] == "id")
        }
    }

    @Test("need the server's name: by an address, the answer says so")
    func address() async throws {
        try await withServer(
            gate: accounts.gate, routes: { $0.addAccounts(accounts) { CameraNames([:]) } }
        ) { port, _ in
            for (host, status) in [("localhost:\(port)", 200), ("127.0.0.1:\(port)", 400), ("[::1]", 400)] {
                let answer = try await Wire.connect(port) { wire in
                    try await wire.send(
                        "POST /api/v1/session/passkey/challenge HTTP/1.1", "Host: \(host)", "Content-Length: 0")
                    return try await wire.answer()
                }
                #expect(answer.status == status, "\(host)")
                if status == 400 { #expect(answer.text.contains("guardian.local")) }
            }
        }
    }
}
