import Foundation
import GuardianCore
import GuardianHTTP
import GuardianIdentity
import GuardianNode
import GuardianOperations
import GuardianTestKit
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

/// A node with two households besides its own, and people who log in there.
@Suite("The accounts of a node's tenants", .timeLimit(.minutes(10)))
struct NodeRealmsSerialTests {
    private let folder = TemporaryFolder()
    private let log = LogBook()
    private let tenants: Tenants
    private let registry: SQLiteRegistry
    private let home: WebAccounts
    private let realms: NodeRealms
    private let site: NodeAPI.Site
    private static let password = "four walls and a roof"

    init() async throws {
        tenants = try Tenants(folder: folder.path("tenants"))
        registry = try SQLiteRegistry(path: SQLiteRegistry.file(in: folder.url.path))
        for name in ["miller", "smith"] {
            try await registry.addTenant(try #require(TenantName(name)), at: Sample.start)
        }
        home = try await WebAccounts.open(
            IdentityFiles(folder: folder.url.path), page: "https://localhost:8490",
            cost: PasswordCost(passes: 1, memory: 8), logger: log.logger)
        site = NodeAPI.Site(metrics: MetricsRegistry())
        realms = try await NodeRealms(
            state: folder.url.path, tenants: tenants, registry: registry, home: home, site: site, logger: log.logger)
    }

    private func test(_ body: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = try NodeAPI.server(
            site, tenants: tenants, address: ListenAddress(host: "127.0.0.1", port: 0), gate: home.gate,
            accounts: home, realms: realms, logger: logger)
        try await server.application.test(.router) { try await body($0) }
        try tenants.close()
        try registry.close()
    }

    /// What a request says besides its path.
    private struct Asking {
        var tenant: String?
        var cookie: String?
        var token: String?
        var key: String?

        var headers: HTTPFields {
            var headers: HTTPFields = [.contentType: "application/json"]
            if let tenant, let name = HTTPField.Name("X-Guardian-Tenant") { headers[name] = tenant }
            if let key, let name = HTTPField.Name("X-Guardian-Request") { headers[name] = key }
            if let cookie { headers[.cookie] = cookie }
            if let token { headers[.authorization] = "Bearer \(token)" }
            return headers
        }
    }

    private func send(
        _ method: HTTPRequest.Method, _ path: String, _ asking: Asking, _ client: any TestClientProtocol,
        body: [String: String]? = nil
    ) async throws -> TestResponse {
        let body = try body.map { ByteBuffer(bytes: try JSONEncoder().encode($0)) }
        return try await client.executeRequest(uri: path, method: method, headers: asking.headers, body: body)
    }

    /// Makes an owner in a household's file, as root of the machine does.
    private func addOwner(_ name: String, to tenant: String) async throws {
        let realm = AccountRealm(try #require(TenantName(tenant)))
        let folder = try await NodeFolders(state: folder.url.path).makeAccountsOfExisting(realm)
        let identity = try await home.identity.openRealm(path: IdentityFiles(folder: folder).database)
        _ = try await identity.accounts.create(
            NewAccount(name: name, password: Secret(Self.password), role: .owner), by: .localRoot)
        try identity.close()
    }

    private func logIn(
        _ name: String, to tenant: String?, password: String = NodeRealmsSerialTests.password,
        _ client: any TestClientProtocol
    ) async throws -> TestResponse {
        try await send(
            .post, "/api/v1/session", Asking(tenant: tenant), client, body: ["name": name, "password": password])
    }

    private func cookie(_ response: TestResponse) throws -> String {
        let header = try #require(response.headers[.setCookie])
        return String(header.prefix { $0 != ";" })
    }

    private func members(_ response: TestResponse) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(buffer: response.body)) as? [String: Any])
    }

    @Test("are each a household's own: a name, a session and a token of one are nothing in another")
    func apart() async throws {
        try await addOwner("Ada", to: "miller")
        try await addOwner("Eve", to: "smith")
        try await test { client in
            let answer = try await logIn("Ada", to: "miller", client)
            #expect(answer.status == .ok)
            let cookie = try cookie(answer)
            #expect(cookie.hasPrefix("__Host-guardian=miller."))
            let own = Asking(cookie: cookie, key: try members(answer)["requestKey"] as? String)
            let who = try members(try await send(.get, "/api/v1/session", own, client))
            #expect(who["name"] as? String == "Ada" && who["role"] as? String == "owner")
            #expect(try await send(.get, "/api/v1/edges", own, client).status == .ok)

            // What the node tells of all households is for its own alone.
            #expect(try await send(.get, "/metrics", own, client).status == .notFound)
            for tenant in ["smith", nil, "home"] {
                #expect(try await logIn("Ada", to: tenant, client).status == .unauthorized)
            }
            let secret = String(cookie.dropFirst("__Host-guardian=miller.".count))
            for other in [
                "smith.\(secret)", secret, "home.\(secret)", "nowhere.\(secret)", "Mi/ller.\(secret)", ".\(secret)",
            ] {
                let stranger = Asking(cookie: "__Host-guardian=\(other)")
                #expect(try await send(.get, "/api/v1/session", stranger, client).status == .unauthorized, "\(other)")
            }
            var elsewhere = own
            elsewhere.tenant = "smith"
            #expect(try await send(.get, "/api/v1/users", elsewhere, client).status == .unauthorized)

        }
    }

    @Test("give tokens and links that tell whose they are")
    func marked() async throws {
        try await addOwner("Ada", to: "miller")
        try await test { client in
            let answer = try await logIn("Ada", to: "miller", client)
            let own = Asking(cookie: try cookie(answer), key: try members(answer)["requestKey"] as? String)
            let body = #"{"name": "t", "scope": ["read_status"], "password": "\#(Self.password)"}"#
            let made = try await client.executeRequest(
                uri: "/api/v1/tokens", method: .post, headers: own.headers, body: ByteBuffer(string: body))
            #expect(made.status == .created)
            let token = try #require(try members(made)["token"] as? String)
            #expect(token.hasPrefix("miller.gdn_"))
            #expect(try await send(.get, "/api/v1/edges", Asking(token: token), client).status == .ok)
            let bare = String(token.dropFirst("miller.".count))
            for other in [bare, "smith.\(bare)", "nowhere.\(bare)"] {
                #expect(try await send(.get, "/api/v1/edges", Asking(token: other), client).status == .unauthorized)
            }
            let id = try #require(try members(answer)["id"] as? String)
            let link = try await send(.post, "/api/v1/users/\(id)/link", own, client, body: ["password": Self.password])
            let path = try #require(try members(link)["path"] as? String)
            #expect(path.hasPrefix("/login#once=miller."))
            let once = ["secret": String(path.dropFirst("/login#once=miller.".count))]
            #expect(
                try await send(.post, "/api/v1/session/link", Asking(tenant: "smith"), client, body: once).status
                    == .unauthorized)
            let begun = try await send(.post, "/api/v1/session/link", Asking(tenant: "miller"), client, body: once)
            #expect(begun.status == .ok)
            #expect(try cookie(begun).hasPrefix("__Host-guardian=miller."))
        }
    }

    @Test("answer for a household that does not exist as for a wrong password")
    func unknown() async throws {
        try await addOwner("Ada", to: "miller")
        try await test { client in
            let known = try await logIn("Ada", to: "miller", password: "a wrong password", client)
            let unknown = try await logIn("Ada", to: "nowhere", password: "a wrong password", client)
            #expect(known.status == .unauthorized && unknown.status == .unauthorized)
            for member in ["detail", "code", "title"] {
                #expect(try members(known)[member] as? String == members(unknown)[member] as? String)
            }
            for tenant in ["miller", "nowhere"] {
                let asking = Asking(tenant: tenant)
                let setup = try await send(.get, "/api/v1/setup", asking, client)
                #expect(try members(setup)["open"] as? Bool == false)
                let begun = try await send(
                    .post, "/api/v1/setup", asking, client,
                    body: ["secret": "x", "name": "Eve", "password": Self.password])
                #expect(begun.status == .unauthorized)
                #expect(try await send(.get, "/api/v1/events", asking, client).status == .unauthorized)
            }
            let odd = try await logIn("Ada", to: "Not a name!", client)
            #expect(odd.status == .badRequest && odd.headers[.contentType] == "application/problem+json")
            #expect(odd.headers[.contentSecurityPolicy] != nil)
        }
    }

    @Test("begin with the operator's link, which is no other household's")
    func setup() async throws {
        let miller = try #require(TenantName("miller"))
        let folders = NodeFolders(state: folder.url.path)
        let files = IdentityFiles(folder: try await folders.makeAccountsOfExisting(AccountRealm(miller)))
        let identity = try await home.identity.openRealm(path: files.database)
        let secret = try #require(try await identity.setup.prepare(file: files.setup)).reveal()
        try identity.close()
        try await test { client in
            let first = ["secret": secret, "name": "Ada", "password": Self.password]
            for tenant in ["smith", "nowhere", nil] {
                let asking = Asking(tenant: tenant)
                #expect(try await send(.post, "/api/v1/setup", asking, client, body: first).status == .unauthorized)
            }
            let begun = try await send(.post, "/api/v1/setup", Asking(tenant: "miller"), client, body: first)
            #expect(begun.status == .ok)
            #expect(try cookie(begun).hasPrefix("__Host-guardian=miller."))
            #expect(
                try await send(.post, "/api/v1/setup", Asking(tenant: "miller"), client, body: first).status
                    == .unauthorized)
            #expect(!FileManager.default.fileExists(atPath: files.setup))
            #expect(log.count(of: secret) == 0)
        }
    }

    @Test("of the operators see how each tenant is, page by page, and no tenant's see that")
    func operators() async throws {
        try await addOwner("Olga", to: "operators")
        try await addOwner("Ada", to: "miller")
        let path = "/api/v1/operator/tenants"
        try await test { client in
            let answer = try await logIn("Olga", to: "operators", client)
            let own = Asking(cookie: try cookie(answer))
            let page = try members(try await send(.get, "\(path)?limit=2", own, client))
            let items = try #require(page["items"] as? [[String: Any]])
            #expect(items.compactMap { $0["name"] as? String } == ["home", "miller"])
            #expect(page["nextCursor"] as? String == "miller")
            let first = try #require(items.first)
            #expect(Set(first.keys) == ["name", "problem", "devices", "recorders", "lastSeenAt", "archive"])
            let rest = try members(try await send(.get, "\(path)?limit=2&cursor=miller", own, client))
            #expect((rest["items"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == ["smith"])
            #expect(rest["nextCursor"] is NSNull)
            for content in ["/api/v1/events", "/api/v1/cameras", "/api/v1/archive", "/api/v1/edges", "/metrics"] {
                #expect(try await send(.get, content, own, client).status == .notFound, "\(content)")
            }
            let ada = Asking(cookie: try cookie(try await logIn("Ada", to: "miller", client)))
            var named = ada
            named.tenant = "operators"
            for asking in [ada, named, Asking(), Asking(tenant: "miller")] {
                #expect(try await send(.get, path, asking, client).status == .unauthorized)
            }
            #expect(try await logIn("Ada", to: "operators", client).status == .unauthorized)
        }
    }

    @Test("cannot be asked for where a tenant does not exist")
    func missing() async throws {
        let nowhere = try #require(TenantName("nowhere"))
        await #expect(throws: GuardianError.self) {
            try await NodeFolders(state: folder.url.path).makeAccountsOfExisting(AccountRealm(nowhere))
        }
        try await test { _ in }
    }
}
