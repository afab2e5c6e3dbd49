import Foundation
import GuardianClients
import GuardianCore
import GuardianHTTP
import GuardianIdentity
import GuardianOperations
import GuardianTestKit
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

import GuardianEdge

@Suite("Edge API: adding, changing and removing cameras")
struct CameraManagementRouteTests {
    private let edge: EdgeFixture
    private let registry: CameraRegistry
    private let state: StateFolder

    init() throws {
        edge = try EdgeFixture()
        state = try StateFolder(path: edge.folder.appending(path: "state").path)
        let log = LogBook()
        let settings = try CameraSettingsStore(state, importing: nil, clock: SystemClock(), logger: log.logger)
        // Not run: nothing connects anywhere.
        registry = CameraRegistry(
            settings, rules: CameraAddressRules(allowsLocal: false, resolver: HostResolver { _ in [] }),
            clock: SystemClock(),
            logger: log.logger
        ) { _, _ in
            throw GuardianError(.unimplemented, "This test runs no camera.")
        } note: { _ in
        }
    }

    private func test(
        accounts: WebAccounts? = nil, _ body: @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        let (base, registry) = (edge.sources, registry)
        var sources = EdgeSources(
            journal: base.journal, cameras: registry.entries.map(\.source), names: registry.names,
            clipFile: base.clipFile, snapshotFile: base.snapshotFile, status: base.status, readiness: base.readiness)
        sources.registry = registry
        try await edge.server(sources, accounts: accounts).application.test(.router, body)
    }

    private func send(
        _ client: any TestClientProtocol, _ method: HTTPRequest.Method, _ path: String, _ body: String
    ) async throws -> TestResponse {
        try await client.execute(
            uri: path, method: method, headers: [.contentType: "application/json"], body: ByteBuffer(string: body))
    }

    private func members(_ response: TestResponse) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(buffer: response.body)) as? [String: Any])
    }

    @Test("a camera is added, listed, changed, paused and removed, and its password never comes out")
    func life() async throws {
        try await test { client in
            let added = try await send(
                client, .post, "/api/v1/cameras",
                #"{"name": "Back yard", "source": "rtsp://192.168.1.20/main", "username": "u", "password": "hunter2"}"#)
            #expect(added.status == .created)
            let view = try members(added)
            #expect(view["id"] as? String == "back-yard" && view["state"] as? String == "connecting")
            let settings = try #require(view["settings"] as? [String: Any])
            #expect(
                settings["source"] as? String == "rtsp://192.168.1.20/main" && settings["hasPassword"] as? Bool == true)

            let page = try await client.get("/api/v1/cameras")
            #expect((try json(page)["items"] as? [Any])?.count == 1)
            #expect(!String(buffer: added.body).contains("hunter2") && !String(buffer: page.body).contains("hunter2"))

            let path = "/api/v1/cameras/back-yard"
            let changed = try await send(client, .put, path, #"{"name": "Yard", "paused": true}"#)
            #expect(try json(changed)["name"] as? String == "Yard" && json(changed)["state"] as? String == "paused")
            #expect(registry.entries.first?.record.camera.source.reveal() == "rtsp://u:hunter2@192.168.1.20/main")
            #expect(try await client.get("\(path)/snapshot.jpg").status == .serviceUnavailable)

            let id = try #require(registry.entries.first?.record.id)
            #expect(try await client.execute(uri: path, method: .delete).status == .noContent)
            #expect(try await client.get(path).status == .notFound)
            #expect(try await client.execute(uri: path, method: .delete).status == .notFound)
            // The footage of a removed camera is found by its old name.
            #expect(try await client.get("/api/v1/events?camera=back-yard").status == .ok)

            let back = try await send(
                client, .post, "/api/v1/cameras", #"{"id": "back-yard", "name": "Y", "source": "rtsp://192.168.1.20/"}"#
            )
            #expect(try members(back)["cameraId"] as? String == id.description)
        }
    }

    @Test(
        "what is wrong is named by its field",
        arguments: [
            (#"{"name": "A"}"#, 400, "source"), (#"{"source": "rtsp://192.168.1.2/"}"#, 400, "name"),
            (#"{"name": "A", "source": "http://192.168.1.2/"}"#, 400, "source"),
            (#"{"name": "A", "source": "rtsp://127.0.0.1/"}"#, 400, "source"),
            (#"{"name": "A", "source": "file:/etc/passwd"}"#, 400, "source"),
            (#"{"name": "A", "source": "rtsp://192.168.1.2/", "detect": "rtsp://[::1]/"}"#, 400, "detect"),
            (#"{"name": "A", "source": "rtsp://192.168.1.2/", "transport": "http"}"#, 400, "transport"),
            (#"{"name": "A", "source": "rtsp://192.168.1.2/", "password": "x"}"#, 400, "username"),
            (#"{"id": "A", "name": "A", "source": "rtsp://192.168.1.2/"}"#, 400, "id"),
            (#"{"id": "discover", "name": "A", "source": "rtsp://192.168.1.2/"}"#, 400, "id"),
            (#"{"id": "taken", "name": "A", "source": "rtsp://192.168.1.2/"}"#, 409, "id"),
            (#"{"name": "A", "source": "rtsp://192.168.1.2/", "color": 1}"#, 400, "color"),
        ])
    func fields(body: String, status: Int, field: String) async throws {
        try await test { client in
            _ = try await send(
                client, .post, "/api/v1/cameras", #"{"id": "taken", "name": "T", "source": "rtsp://192.168.1.3/"}"#)
            let answer = try await send(client, .post, "/api/v1/cameras", body)
            #expect(answer.status.code == status)
            #expect(try problem(answer).errors?.map(\.field) == [field])
            #expect(registry.entries.count == 1)
        }
    }

    @Test("an address of this machine is not tested either, and one that does not answer is said")
    func tests() async throws {
        try await test { client in
            let local = try await send(client, .post, "/api/v1/camera-tests", #"{"source": "rtsp://localhost:22/"}"#)
            #expect(local.status == .badRequest)
            // TEST-NET-1 (RFC 5737) would time out; a port that is refused needs a host that is allowed.
            let open = CameraAddressRules(allowsLocal: true)
            #expect(await open.refusal(of: "rtsp://127.0.0.1:9/") == nil)
        }
    }

    @Test("every change is in the audit log, with names of fields and without their values")
    func audit() async throws {
        let accounts = try await edge.accounts()
        try await test(accounts: accounts) { client in
            _ = try await send(
                client, .post, "/api/v1/cameras",
                #"{"id": "yard", "name": "Y", "source": "rtsp://u:hunter2@192.168.1.3/"}"#)
            _ = try await send(client, .put, "/api/v1/cameras/yard", #"{"name": "Z", "password": "hunter3"}"#)
            _ = try await send(client, .put, "/api/v1/cameras/yard", #"{"name": "Z"}"#)
            _ = try await client.execute(uri: "/api/v1/cameras/yard", method: .delete)
        }
        let entries = try await accounts.identity.audit.page(by: .localRoot).map { try $0.content() }
            .filter { $0.action.hasPrefix("camera_") }
        #expect(entries.map(\.action) == ["camera_removed", "camera_changed", "camera_added"])
        #expect(entries.allSatisfy { $0.details["id"] == "yard" && $0.subject != nil })
        #expect(entries.dropFirst().first?.details["changed"] == "name, source")
        #expect(!"\(entries)".contains("hunter"))
    }

    @Test("a change whose entry cannot be written is not made")
    func auditFails() async throws {
        let accounts = try await edge.accounts()
        let body = #"{"id": "yard", "name": "Y", "source": "rtsp://192.168.1.3/"}"#
        try await test { client in
            let answer = try await send(client, .post, "/api/v1/cameras", body)
            #expect(answer.status == .created)
        }
        try accounts.identity.close()
        let before = registry.entries.map(\.record)
        try await test(accounts: accounts) { client in
            let more = body.replacing("yard", with: "gate")
            let added = try await send(client, .post, "/api/v1/cameras", more)
            #expect(added.status.code >= 500)
            #expect(try await send(client, .put, "/api/v1/cameras/yard", #"{"name": "Z"}"#).status.code >= 500)
            #expect(try await client.execute(uri: "/api/v1/cameras/yard", method: .delete).status.code >= 500)
        }
        #expect(registry.entries.map(\.record) == before)
    }
}
