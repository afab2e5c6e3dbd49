import Foundation
import GuardianArchive
import GuardianCore
import GuardianEdge
import GuardianHTTP
import GuardianIdentity
import GuardianOperations
import GuardianTestKit
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@Suite("Edge API: who can open the archive")
struct RecipientRouteTests {
    private let edge: EdgeFixture
    private let settings: EdgeSettingsStore
    private let file: Recipient

    init() throws {
        edge = try EdgeFixture()
        file = try OwnerKeys(OwnerSecret()).x25519
        settings = EdgeSettingsStore(
            path: edge.folder.appending(path: "settings.json").path, fixed: RecordingForm(),
            fixedRecipients: [NamedRecipient(file, name: nil)], clock: ManualClock(Sample.start),
            logger: LogBook().logger)
    }

    private func test(
        accounts: WebAccounts? = nil, gate: Gate = .open,
        _ body: @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        var sources = edge.sources
        sources.settings = settings
        sources.hasNode = true
        try await edge.server(sources, gate: gate, accounts: accounts).application.test(.router, body)
    }

    private func post(_ client: any TestClientProtocol, _ key: String, name: String = "Anna") async throws
        -> TestResponse
    {
        let body = try JSONEncoder().encode(["name": name, "key": key])
        return try await client.execute(
            uri: "/api/v1/config/recipients", method: .post, headers: [.contentType: "application/json"],
            body: ByteBuffer(bytes: body))
    }

    private func list(_ client: any TestClientProtocol) async throws -> RecipientsView {
        let answer = try await client.get("/api/v1/config/recipients")
        #expect(answer.status == .ok)
        return try JSONDecoder().decode(RecipientsView.self, from: Data(buffer: answer.body))
    }

    @Test("is listed, added and removed")
    func change() async throws {
        let anna = try OwnerKeys(OwnerSecret()).xWing
        try await test { client in
            let before = try await list(client)
            #expect(before.items.map(\.keyId) == [file.keyID.text] && before.items.map(\.fixed) == [true])
            #expect(before.limit == 8 && before.node)
            #expect(try await post(client, anna.text).status == .created)
            let after = try await list(client)
            #expect(after.items.map(\.keyId) == [file.keyID.text, anna.keyID.text])
            #expect(after.items.last?.name == "Anna" && after.items.last?.addedAt == Sample.start.moment)
            #expect(try await post(client, anna.text).status == .conflict)
            for (id, status) in [
                (anna.keyID.text, HTTPResponse.Status.noContent), (anna.keyID.text, .notFound),
                (file.keyID.text, .conflict), ("short", .notFound),
            ] {
                let answer = try await client.execute(uri: "/api/v1/config/recipients/\(id)", method: .delete)
                #expect(answer.status == status)
            }
            #expect(try await list(client) == before)
        }
    }

    @Test("is not changed by a wrong body, and no secret is accepted")
    func fields() async throws {
        let secret = OwnerSecret().recoveryCode.reveal()
        try await test { client in
            let answer = try await post(client, secret)
            #expect(answer.status == .badRequest)
            #expect(try problem(answer).errors?.map(\.field) == ["key"])
            // Whoever sends a code by mistake does not find it in the answer.
            #expect(!String(buffer: answer.body).contains(secret.prefix(9)))
        }
        #expect(settings.recipients.count == 1)
    }

    @Test("is in the audit log, by name and key")
    func audit() async throws {
        let accounts = try await edge.accounts()
        let anna = try OwnerKeys(OwnerSecret()).xWing
        try await test(accounts: accounts) { client in
            _ = try await post(client, anna.text)
            _ = try await post(client, anna.text)
            _ = try await client.execute(uri: "/api/v1/config/recipients/\(anna.keyID)", method: .delete)
        }
        let entries = try await accounts.identity.audit.page(by: .localRoot).map { try $0.content() }
            .filter { $0.action == "recipients_changed" }
        #expect(entries.map { $0.details["changed"] } == ["removed", "added"])
        #expect(entries.allSatisfy { $0.details["recipient"] == anna.keyID.text && $0.details["name"] == "Anna" })
    }

    @Test("is read by a token, and not changed by one")
    func token() async throws {
        let token = Principal(
            credential: .token(TokenID(UUID())), account: nil, name: "Program", role: .owner, cameras: .all)
        let gate = Gate(resolve: { _, _ in token }, end: { _ in })
        try await test(gate: gate) { client in
            let before = try await list(client)
            #expect(try await post(client, try OwnerKeys(OwnerSecret()).xWing.text).status == .forbidden)
            let removal = try await client.execute(
                uri: "/api/v1/config/recipients/\(file.keyID)", method: .delete)
            #expect(removal.status == .forbidden)
            #expect(try await list(client) == before)
        }
    }
}
