import Foundation
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

@Suite("Edge API: the settings")
struct ConfigRouteTests {
    private let edge: EdgeFixture
    private let settings: EdgeSettingsStore

    init() throws {
        edge = try EdgeFixture()
        var fixed = RecordingForm()
        fixed.say(60, of: .maximum)
        settings = EdgeSettingsStore(
            path: edge.folder.appending(path: "settings.json").path, fixed: fixed, clock: ManualClock(Sample.start),
            logger: LogBook().logger)
    }

    private func test(
        accounts: WebAccounts? = nil, gate: Gate = .open,
        _ body: @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        var sources = edge.sources
        sources.settings = settings
        sources.clipsCapacity = { 1_000 << 20 }
        // So much is free that anything beyond 500 MiB deletes clips.
        sources.roomCost = { floor in
            floor <= 500 << 20
                ? .nothing : .clips(count: 3, bytes: 7_000_000, newest: Sample.start, isCounted: true)
        }
        sources.ageCost = { days in
            days >= 20 ? .nothing : .clips(count: 9, bytes: 5_000_000, newest: Sample.start, isCounted: true)
        }
        try await edge.server(sources, gate: gate, accounts: accounts).application.test(.router, body)
    }

    private func put(_ client: any TestClientProtocol, _ body: String) async throws -> TestResponse {
        try await client.execute(
            uri: "/api/v1/config", method: .put, headers: [.contentType: "application/json"],
            body: ByteBuffer(string: body))
    }

    private func view(_ response: TestResponse) throws -> ConfigView {
        #expect(response.status == .ok)
        return try JSONDecoder().decode(ConfigView.self, from: Data(buffer: response.body))
    }

    @Test("are read with their limits, and a part of them is changed")
    func change() async throws {
        try await test { client in
            let before = try view(try await client.get("/api/v1/config"))
            #expect(before.recording.preRoll == 5 && before.recording.maximum == 60)
            #expect(before.fixed == ["recording.maximum"])
            #expect(before.limits["recording.preRoll"] == ConfigView.Limit(least: 2, most: 60, usual: 5))
            #expect(before.limits["recording.keepDays"] == ConfigView.Limit(least: 1, most: 36_500, usual: nil))
            #expect(before.limits.count == 6 && before.recording.keepDays == nil)
            var expected = before
            expected.recording.preRoll = 12
            #expect(try view(try await put(client, #"{"recording": {"preRoll": 12}}"#)) == expected)
            #expect(try view(try await client.get("/api/v1/config")) == expected)
            #expect(try view(try await put(client, "{}")) == expected)
            let all = String(decoding: try JSONEncoder().encode(["recording": expected.recording]), as: UTF8.self)
            #expect(try view(try await put(client, all)) == expected)
            #expect(settings.recording.preRoll == 12)
        }
    }

    @Test("of the archive are changed, and are refused as a whole with the rest")
    func archive() async throws {
        try await test { client in
            let before = try view(try await client.get("/api/v1/config"))
            #expect(before.archive == ConfigView.Archive(cameras: nil, kilobits: nil))
            var expected = before
            expected.archive = ConfigView.Archive(cameras: [edge.alias], kilobits: 500)
            let body = #"{"archive": {"cameras": ["front"], "kilobits": 500}}"#
            #expect(try view(try await put(client, body)) == expected)
            #expect(try view(try await put(client, "{}")) == expected)
            let refused = try await put(client, #"{"recording": {"preRoll": 9}, "archive": {"cameras": ["shed"]}}"#)
            #expect(try problem(refused).errors?.map(\.field) == ["archive.cameras"])
            #expect(settings.recording.preRoll == 5)
            expected.archive = ConfigView.Archive(cameras: nil, kilobits: nil)
            #expect(try view(try await put(client, #"{"archive": {"cameras": null, "kilobits": null}}"#)) == expected)
        }
    }

    @Test(
        "say which field is wrong",
        arguments: [
            (#"{"recording": {"preRoll": 61}}"#, "recording.preRoll"),
            (#"{"recording": {"preRoll": "9"}}"#, "recording.preRoll"),
            (#"{"recording": {"preRoll": null}}"#, "recording.preRoll"),
            (#"{"recording": {"keepDays": 0}}"#, "recording.keepDays"),
            (#"{"recording": {"keepDays": "7"}}"#, "recording.keepDays"),
            (#"{"recording": {"color": 1}}"#, "recording.color"), (#"{"colour": {}}"#, "colour"),
            (#"{"recording": {"maximum": 61}}"#, "recording.maximum"),
            (#"{"recording": {"keepFreeMegabytes": 901}}"#, "recording.keepFreeMegabytes"),
        ])
    func fields(body: String, field: String) async throws {
        try await test { client in
            let answer = try await put(client, body)
            #expect(answer.status == .badRequest)
            #expect(try problem(answer).errors?.map(\.field) == [field])
        }
        #expect(settings.recording.form.names == ["maximum"])
    }

    @Test("delete clips to make room only when that is confirmed")
    func deletion() async throws {
        var floor = RecordingForm()
        floor.say(100, of: .keepFreeMegabytes)
        try await settings.change(floor, capacity: nil) { _ in }
        let accounts = try await edge.accounts()
        try await test(accounts: accounts) { client in
            _ = try view(try await put(client, #"{"recording": {"keepFreeMegabytes": 400}}"#))
            for confirmed in ["", #", "confirmDeletion": false"#] {
                let answer = try await put(client, "{\"recording\": {\"keepFreeMegabytes\": 600}\(confirmed)}")
                #expect(answer.status == .conflict)
                let problem = try problem(answer)
                #expect(problem.errors?.map(\.field) == ["confirmDeletion"])
                #expect(problem.detail.contains("about 3 of the oldest clips") && problem.detail.contains("7 MB"))
                #expect(settings.recording.keepFreeMegabytes == 400)
            }
            let all = #"{"recording": {"keepFreeMegabytes": 600}, "confirmDeletion": true}"#
            #expect(try view(try await put(client, all)).recording.keepFreeMegabytes == 600)
            // What is kept free already, or less, deletes nothing.
            _ = try view(try await put(client, #"{"recording": {"keepFreeMegabytes": 600}}"#))
            _ = try view(try await put(client, #"{"recording": {"keepFreeMegabytes": 550}}"#))
        }
        let entries = try await accounts.identity.audit.page(by: .localRoot).map { try $0.content() }
            .filter { $0.action == "settings_changed" }
        #expect(entries.count == 3)
    }

    @Test("delete clips for their age only when that is confirmed")
    func age() async throws {
        var floor = RecordingForm()
        floor.say(100, of: .keepFreeMegabytes)
        try await settings.change(floor, capacity: nil) { _ in }
        try await test { client in
            _ = try view(try await put(client, #"{"recording": {"keepDays": 30}}"#))
            let answer = try await put(client, #"{"recording": {"keepDays": 7, "keepFreeMegabytes": 600}}"#)
            #expect(answer.status == .conflict)
            let problem = try problem(answer)
            #expect(problem.errors?.map(\.field) == ["confirmDeletion"])
            // Floor and age are both asked for.
            for count in [3, 9] { #expect(problem.detail.contains("about \(count) of the oldest clips")) }
            #expect(settings.recording.keepDays == 30)
            let all = #"{"recording": {"keepDays": 7}, "confirmDeletion": true}"#
            #expect(try view(try await put(client, all)).recording.keepDays == 7)
            // A longer time, or none, deletes nothing.
            #expect(try view(try await put(client, #"{"recording": {"keepDays": 8}}"#)).recording.keepDays == 8)
            let none = try view(try await put(client, #"{"recording": {"keepDays": null}}"#))
            #expect(none.recording.keepDays == nil && settings.recording.keepDays == nil)
            #expect(try await put(client, #"{"recording": {"keepDays": 8}}"#).status == .conflict)
        }
    }

    @Test("are in the audit log with the names of what changed, without values")
    func audit() async throws {
        let accounts = try await edge.accounts()
        try await test(accounts: accounts) { client in
            _ = try view(try await put(client, #"{"recording": {"preRoll": 12, "postRoll": 5, "unanalysed": false}}"#))
            _ = try view(try await put(client, #"{"recording": {"preRoll": 12}}"#))
            _ = try await put(client, #"{"recording": {"preRoll": 100}}"#)
        }
        let entries = try await accounts.identity.audit.page(by: .localRoot).map { try $0.content() }
            .filter { $0.action == "settings_changed" }
        #expect(entries.map(\.details) == [["changed": "recording.preRoll, recording.unanalysed"]])
    }

    @Test("do not change when their entry cannot be written")
    func auditFails() async throws {
        let accounts = try await edge.accounts()
        try accounts.identity.close()
        try await test(accounts: accounts) { client in
            let answer = try await put(client, #"{"recording": {"preRoll": 12}}"#)
            #expect(answer.status.code >= 500)
        }
        #expect(settings.recording.preRoll == 5)
    }
}
