import Foundation
import GuardianCore
import GuardianHTTP
import GuardianIdentity
import GuardianONVIF
import GuardianOperations
import GuardianTestKit
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

import GuardianEdge

@Suite("Edge API: finding cameras")
struct DiscoveryRouteTests {
    private let edge: EdgeFixture

    init() throws { edge = try EdgeFixture() }

    private func post(
        _ body: String, accounts: WebAccounts? = nil, found: [FoundCamera] = []
    ) async throws -> TestResponse {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        var sources = edge.sources
        sources.finder = CameraFinder(
            // Nothing may be asked: no test connects anywhere.
            rules: AddressRules(), saved: { $0 == "192.168.1.20" ? "yard" : nil }, search: { _ in found },
            logger: logger)
        return try await edge.server(sources, accounts: accounts).application.test(.router) { client in
            try await client.execute(
                uri: "/api/v1/cameras/discover", method: .post, headers: [.contentType: "application/json"],
                body: ByteBuffer(string: body))
        }
    }

    @Test("a search answers with all members of each camera")
    func search() async throws {
        let camera = FoundCamera(
            address: try CameraAddress("192.168.1.20"), identifier: "", maker: "Acme", isPermitted: true)
        let answer = try await post("{}", found: [camera])
        let items = try #require(try json(answer)["items"] as? [[String: Any]])
        let item = try #require(items.first)
        #expect(items.count == 1 && item["camera"] as? String == "yard" && item["outcome"] as? String == "found")
        #expect(
            item.keys.sorted() == [
                "address", "camera", "host", "maker", "model", "name", "note", "outcome", "streams",
            ])
        #expect(item["model"] is NSNull && answer.headers[.cacheControl] == "no-store")
    }

    @Test(
        "what is wrong is named by its member",
        arguments: [
            (#"{"seconds": 0}"#, "seconds"), (#"{"seconds": 31}"#, "seconds"), (#"{"seconds": null}"#, "seconds"),
            (#"{"addresses": []}"#, "addresses"), (#"{"addresses": ["rtsp://192.168.1.2/"]}"#, "addresses"),
            (#"{"addresses": ["a b"]}"#, "addresses"), (#"{"addresses": [1]}"#, "addresses.0"),
            (#"{"username": "u", "password": "p"}"#, "addresses"), (#"{"maker": "Acme"}"#, "addresses"),
            (#"{"allowClearText": true}"#, "addresses"),
            (#"{"addresses": ["192.168.1.2"], "username": "u"}"#, "password"),
            (#"{"addresses": ["192.168.1.2"], "password": "p"}"#, "username"),
            (#"{"addresses": ["192.168.1.2"], "allowClearText": true}"#, "allowClearText"),
            (#"{"addresses": ["192.168.1.2", "192.168.1.3"], "username": "u", "password": "p"}"#, "maker"),
            (#"{"addresses": ["192.168.1.2"], "maker": "Acme"}"#, "username"),
            (#"{"addresses": ["192.168.1.2"], "maker": "", "username": "u", "password": "p"}"#, "maker"),
            (
                #"{"addresses": ["192.168.1.2"], "maker": "A", "username": "u", "password": "p", "allowClearText": true}"#,
                "allowClearText"
            ),
            (#"{"address": "192.168.1.2"}"#, "address"),
        ])
    func fields(body: String, field: String) async throws {
        let answer = try await post(body)
        #expect(answer.status == .badRequest)
        #expect(try problem(answer).errors?.map(\.field) == [field])
    }

    @Test("no more cameras than are allowed are asked at once, and no longer login is read")
    func bounds() async throws {
        let many = (1...33).map { #""192.168.1.\#($0)""# }.joined(separator: ", ")
        #expect(try problem(try await post("{\"addresses\": [\(many)]}")).errors?.map(\.field) == ["addresses"])
        let long = String(repeating: "p", count: 257)
        let body = #"{"addresses": ["192.168.1.2"], "username": "u", "password": "\#(long)"}"#
        let answer = try await post(body)
        #expect(try problem(answer).errors?.map(\.field) == ["password"])
        #expect(!String(buffer: answer.body).contains("ppp"))
    }

    @Test("a login that is tried is in the audit log, without name and password; a search is not")
    func audit() async throws {
        let accounts = try await edge.accounts()
        _ = try await post("{}", accounts: accounts)
        // Loopback is not allowed here, so that nothing is connected to.
        let one = #"{"addresses": ["127.0.0.1:9"], "username": "somebody", "password": "hunter2"}"#
        let asked = try json(try await post(one, accounts: accounts))
        #expect((asked["items"] as? [[String: Any]])?.first?["outcome"] as? String == "failed")
        let two =
            #"{"addresses": ["127.0.0.1:9", "127.0.0.2"], "maker": "Acme", "username": "somebody", "password": "hunter2"}"#
        #expect(try await post(two, accounts: accounts).status == .ok)
        let entries = try await accounts.identity.audit.page(by: .localRoot).map { try $0.content() }
            .filter { $0.action.hasPrefix("camera") }
        #expect(entries.map(\.action) == ["camera_login_tried", "camera_login_tried"])
        #expect(
            entries.map(\.details) == [
                ["cameras": "2", "maker": "Acme", "addresses": "127.0.0.1:9, 127.0.0.2"],
                ["cameras": "1", "addresses": "127.0.0.1:9"],
            ])
        #expect(!"\(entries)".contains("hunter2") && !"\(entries)".contains("somebody"))
    }

    @Test("a recorder whose cameras are fixed says that it cannot search")
    func absent() async throws {
        try await edge.test { client in
            let answer = try await client.execute(
                uri: "/api/v1/cameras/discover", method: .post, headers: [.contentType: "application/json"],
                body: ByteBuffer(string: "{}"))
            #expect(answer.status == .serviceUnavailable)
        }
    }
}
